package sortition

import (
	"crypto/sha256"
	"math/bits"
)

// The tree of RFC 6962 (section 2.1) over the leaves: the same construction as in certificate transparency, so that
// other tools can read it. A leaf is hashed with 0x00 in front and a node with 0x01, so that a node can never be
// shown as a leaf.

func treeLeaf(leaf Hash) Hash { return sha256.Sum256(append([]byte{0}, leaf[:]...)) }

func treeNode(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// split is the largest power of two below n: the size of the left half of a tree of n > 1 leaves.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// treeRoot is the root over at least one leaf.
func treeRoot(leaves []Hash) Hash {
	if len(leaves) == 1 {
		return treeLeaf(leaves[0])
	}
	k := split(len(leaves))
	return treeNode(treeRoot(leaves[:k]), treeRoot(leaves[k:]))
}

// treePath lists the neighbours on the way from leaf i up to the root, the nearest first.
func treePath(leaves []Hash, i int) []Hash {
	if len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if i < k {
		return append(treePath(leaves[:k], i), treeRoot(leaves[k:]))
	}
	return append(treePath(leaves[k:], i-k), treeRoot(leaves[:k]))
}

// climb computes the root from leaf i of n and its path; ok is false when the path has not the length that this place
// in the tree demands.
func climb(leaf Hash, i, n int, path []Hash) (root Hash, ok bool) {
	if i < 0 || i >= n {
		return Hash{}, false
	}
	if n == 1 {
		return treeLeaf(leaf), len(path) == 0
	}
	if len(path) == 0 {
		return Hash{}, false
	}
	k, last := split(n), len(path)-1
	if i < k {
		left, ok := climb(leaf, i, k, path[:last])
		return treeNode(left, path[last]), ok
	}
	right, ok := climb(leaf, i-k, n-k, path[:last])
	return treeNode(path[last], right), ok
}
