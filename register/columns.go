package register

import (
	"slices"
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/people"
)

// ImportColumns are the fields that an import looks for, and how people head them.
var ImportColumns = sheets.Columns{
	{Field: "number", Heads: split("n°|no|nr|numéro|numéro de coopérateur|n° coopérateur|n° associé|n° membre|nummer|" +
		"lidnummer|coöperantnummer|number|member number|member no")},
	{Field: "family", Heads: split("nom de famille|nom|familienaam|achternaam|naam|surname|last name|family name")},
	{Field: "given", Heads: split("prénom|prénoms|voornaam|voornamen|first name|given name")},
	{Field: "name", Heads: split("nom et prénom|nom prénom|coopérateur|coopératrice|associé|titulaire|dénomination|" +
		"raison sociale|nom complet|naam en voornaam|coöperant|vennoot|aandeelhouder|houder|" +
		"benaming|full name|name|holder|member|shareholder")},
	{Field: "kind",
		Heads: split("type de personne|personne|physique ou morale|civilité|persoon|soort persoon|aanspreking|" +
			"person|person type|title")},
	{Field: "enterprise",
		Heads: split("n° d'entreprise|numéro d'entreprise|bce|n° bce|tva|n° tva|ondernemingsnummer|kbo|btw|" +
			"btw-nummer|enterprise number|company number|vat|vat number")},
	{Field: "birth", Heads: split("date de naissance|né le|née le|naissance|geboortedatum|geboren op|date of birth|" +
		"birth date|birthday")},
	{Field: "street",
		Heads: split("rue|rue et numéro|adresse|domicile|siège|straat|straat en nummer|adres|woonplaats|zetel|" +
			"street|address")},
	{Field: "house", Heads: split("numéro de maison|n° maison|huisnummer|house number")},
	{Field: "box", Heads: split("boîte|bte|bus|box")},
	{Field: "postcode", Heads: split("code postal|cp|postcode|postal code|zip")},
	{Field: "town", Heads: split("localité|commune|ville|gemeente|plaats|stad|town|city")},
	{Field: "country", Heads: split("pays|land|country")},
	{Field: "email", Heads: split("e-mail|courriel|mail|adresse e-mail|email|e-mailadres")},
	{Field: "phone", Heads: split("téléphone|tél|gsm|portable|mobile|telefoon|tel|phone|telephone")},
	{Field: "lang", Heads: split("langue|taal|language")},
	{Field: "operation",
		Heads: split("opération|nature|type d'opération|mouvement|verrichting|soort verrichting|beweging|" +
			"operation|transaction|movement|operation type|transaction type")},
	{Field: "order", Heads: split("n° d'opération|numéro d'opération|register number operation|operation number|" +
		"nummer van de verrichting|verrichtingsnummer")},
	{Field: "into", Heads: split("vers la classe|nouvelle classe|classe reçue|naar klasse|nieuwe klasse|to class|" +
		"new class|share to product")},
	{Field: "from", Heads: split("de|cédant|vendeur|van|overdrager|from|transferor|seller")},
	{Field: "to", Heads: split("à|vers|cessionnaire|acquéreur|aan|naar|overnemer|to|transferee|buyer")},
	{Field: "class", Heads: split("classe|classe de parts|catégorie|type de part|share type|share product|klasse|" +
		"categorie|soort aandeel|class|" +
		"share class")},
	{Field: "shares",
		Heads: split("parts|nombre de parts|nb parts|nbre de parts|actions|aandelen|aantal aandelen|aantal|" +
			"shares|number of shares|quantity|qty|quantité")},
	{Field: "nominal", Heads: split("valeur nominale|valeur de la part|valeur unitaire|prix de la part|nominale waarde|" +
		"waarde per aandeel|nominal|nominal value|nominal amount|price per share|share price|share unit price|" +
		"unit price|price|prix")},
	{Field: "amount",
		Heads: split("montant|capital souscrit|montant souscrit|souscrit|capital|bedrag|geplaatst|kapitaal|" +
			"amount|subscribed|capital subscribed")},
	{Field: "paid",
		Heads: split("versé|montant versé|libéré|capital libéré|montant libéré|payé|gestort|volgestort|betaald|" +
			"paid|paid up|amount paid")},
	{Field: "date",
		Heads: split("date|date d'effet|date d'entrée|date de souscription|depuis|datum|datum van toetreding|" +
			"sinds|since|effective date|subscription date|entry date")},
	{Field: "ground", Heads: split("motif|remarque du registre|grond|reden|ground|reason")},
}

func split(s string) []string { return strings.Split(s, "|") }

// Shape is what a row of a file means.
type Shape string

// The shapes.
const (
	State      Shape = "state"      // one row per cooperator: what is held now
	Operations Shape = "operations" // one row per movement, in the order in which they happened
)

// shapeOf: a column that names operations, or givers and takers, makes a file of movements.
func shapeOf(t *sheets.Table) Shape {
	if t.Has("operation") || t.Has("from") && t.Has("to") {
		return Operations
	}
	return State
}

// words that people write for kinds of movement, folded.
var operationWords = map[Kind][]string{
	Issued: split("souscription|emission|achat|entree|apport|augmentation|nouvelle souscription|" +
		"inschrijving|uitgifte|aankoop|intrede|toetreding|subscription|issue|purchase|entry"),
	Paid: split("versement|liberation|paiement|solde|acompte|storting|volstorting|betaling|payment|" +
		"instalment|call"),
	TransferOut: split("transfert|cession|don|donation|vente|succession|overdracht|schenking|verkoop|erfenis|" +
		"transfer|gift|sale|inheritance"),
	Redeemed: split("remboursement|rachat|demission|retrait|sortie|exclusion|depart|terugbetaling|terugneming|" +
		"uittreding|ontslag|uitsluiting|redemption|resignation|exit|withdrawal|exclusion|sell back|sellback"),
	ConvertedOut: split("conversion|convert|converted|omzetting|convertie"),
}

func operationNamed(s string) (Kind, bool) {
	key := fold.Text(strings.ReplaceAll(s, "_", " "))
	for _, k := range []Kind{Issued, Paid, TransferOut, Redeemed, ConvertedOut} {
		for _, w := range operationWords[k] {
			if key == w || strings.HasPrefix(key, w+" ") {
				return k, true
			}
		}
	}
	return "", false
}

// words that tell the kind of a person, folded.
var (
	naturalWords = split("physique|personne physique|pp|m|mr|mme|mlle|monsieur|madame|mx|natuurlijk|" +
		"natuurlijke persoon|np|dhr|mevr|mevrouw|de heer|natural|natural person|individual|mrs|ms|" +
		"miss|n|p")
	legalWords = split("morale|personne morale|pm|societe|association|rechtspersoon|rp|vennootschap|vereniging|" +
		"legal|legal person|company|organisation|organization|asbl|vzw|l")
	legalForms = split("asbl|aisbl|vzw|ivzw|sc|scrl|scrlfs|sprl|srl|sa|snc|scs|scom|scs|bv|bvba|cv|cvba|nv|vof|" +
		"commv|gcv|fondation|stichting|commune|gemeente|cpas|ocmw")
)

// kindNamed reads the kind of a person from a word, else from an enterprise number or a legal form in the name.
func kindNamed(word, enterprise, name string) (people.Kind, bool) {
	key := fold.Text(word)
	switch {
	case slices.Contains(naturalWords, key):
		return people.Natural, true
	case slices.Contains(legalWords, key) || slices.Contains(legalForms, key):
		return people.Legal, true
	case key != "":
		return "", false
	}
	if enterprise != "" {
		return people.Legal, true
	}
	for _, w := range strings.Fields(fold.Text(name)) {
		if slices.Contains(legalForms, w) {
			return people.Legal, true
		}
	}
	return people.Natural, true
}

var langWords = map[lang.Tag][]string{
	lang.French:  split("fr|f|francais|frans|french|fra"),
	lang.Dutch:   split("nl|n|neerlandais|nederlands|dutch|nld"),
	lang.English: split("en|e|anglais|engels|english|eng"),
}

func langNamed(s string) (lang.Tag, bool) {
	key := fold.Text(s)
	for _, tag := range lang.Tags {
		if slices.Contains(langWords[tag], key) {
			return tag, true
		}
	}
	return "", false
}
