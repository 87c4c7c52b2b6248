package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"lieux/base/documents"
)

// canvas is a small picture of flat shapes: the demonstration shows no photograph of anybody's.
type canvas struct{ *image.Paletted }

// The inks of the pictures.
const (
	inkSky = iota
	inkWall
	inkDark
	inkGlass
	inkClay
	inkPaper
	inkMoss
)

const pictureWide, pictureHigh = 960, 640

func newCanvas() canvas {
	return canvas{image.NewPaletted(image.Rect(0, 0, pictureWide, pictureHigh), color.Palette{
		color.RGBA{0xe9, 0xe2, 0xd3, 0xff}, color.RGBA{0xa0, 0x3a, 0x22, 0xff}, color.RGBA{0x1f, 0x29, 0x2e, 0xff},
		color.RGBA{0x9f, 0xb6, 0xb8, 0xff}, color.RGBA{0xc0, 0x7a, 0x4f, 0xff}, color.RGBA{0xfb, 0xf8, 0xf1, 0xff},
		color.RGBA{0x39, 0x63, 0x3d, 0xff}})}
}

// where fills every point of a rectangle that a shape holds.
func (c canvas) where(x, y, w, h int, ink uint8, holds func(x, y int) bool) {
	for j := max(y, 0); j < min(y+h, pictureHigh); j++ {
		for i := max(x, 0); i < min(x+w, pictureWide); i++ {
			if holds(i-x, j-y) {
				c.SetColorIndex(i, j, ink)
			}
		}
	}
}

func (c canvas) box(x, y, w, h int, ink uint8) {
	c.where(x, y, w, h, ink, func(int, int) bool { return true })
}

// round is an ellipse.
func (c canvas) round(x, y, w, h int, ink uint8) {
	c.where(x, y, w, h, ink, func(i, j int) bool {
		dx, dy := (2*i-w)*h, (2*j-h)*w
		return dx*dx+dy*dy <= w*w*h*h
	})
}

// slope is a triangle with its upright on the right: the tooth of a shed roof.
func (c canvas) slope(x, y, w, h int, ink uint8) {
	c.where(x, y, w, h, ink, func(i, j int) bool { return i*h >= (h-j)*w })
}

func (c canvas) upload(name string) (*documents.Upload, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, c); err != nil {
		return nil, err
	}
	return documents.Take(name, &out)
}

// shed is a roof of saw teeth over six bays with a wide door.
func shed() canvas {
	c := newCanvas()
	for i := range 6 {
		c.slope(i*160, 150, 160, 110, inkDark)
		c.slope(i*160+24, 176, 130, 80, inkGlass)
	}
	c.box(0, 258, pictureWide, 300, inkWall)
	for i := range 6 {
		if i == 3 {
			continue
		}
		c.box(i*160+36, 316, 92, 120, inkDark)
		for pane := range 4 {
			c.box(i*160+42+pane%2*42, 322+pane/2*56, 38, 52, inkGlass)
		}
	}
	c.box(500, 318, 120, 240, inkDark)
	c.box(508, 326, 50, 232, inkClay)
	c.box(562, 326, 50, 232, inkClay)
	c.box(0, 558, pictureWide, 82, inkGlass)
	c.box(0, 556, pictureWide, 6, inkDark)
	return c
}

// pots are three shelves of a potter.
func pots() canvas {
	c := newCanvas()
	for shelf := range 3 {
		y := 190 + shelf*190
		for i := range 6 {
			x, w, h := 60+i*148, 84+(i*3+shelf)%3*14, 90+(i+shelf*2)%4*14
			ink := []uint8{inkClay, inkPaper, inkWall, inkMoss}[(i+shelf)%4]
			c.round(x, y-h, w, h+18, ink)
			c.box(x+w/4, y-h-12, w/2, 22, ink)
			c.round(x+w/4, y-h-18, w/2, 14, inkDark)
		}
		c.box(30, y, 900, 16, inkDark)
	}
	return c
}

// prints are posters that dry on a line.
func prints() canvas {
	c := newCanvas()
	c.box(0, 96, pictureWide, 6, inkDark)
	for i := range 4 {
		x := 50 + i*225
		c.box(x, 100, 180, 420, inkPaper)
		c.round(x+30, 150, 120, 120, []uint8{inkWall, inkMoss, inkClay, inkDark}[i])
		c.round(x+60, 230, 120, 120, []uint8{inkGlass, inkClay, inkMoss, inkWall}[i])
		for line := range 5 {
			c.box(x+24, 400+line*20, 132-line%2*40, 8, inkDark)
		}
		c.box(x+20, 84, 12, 30, inkClay)
		c.box(x+148, 84, 12, 30, inkClay)
	}
	return c
}
