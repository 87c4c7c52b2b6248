package papers

import (
	"lieux/base/lang"
)

// sampleNames are the invented people of the sample; Pascale Renkin (P3) was erased.
var sampleNames = NameMap{"P1": "Clémence Jadot", "P2": "Lieve Claes", "P4": "Raphaël Thonnard", "P5": "Hubert Łącki",
	"P6": "Bernadette Lejeune", "P7": "Şükran Tekin"}

// samplePaper uses every block, in each language. It is not the record of an assembly: its counts show how a
// computation is set.
func samplePaper(tag lang.Tag) Paper {
	w := func(fr, nl, en string) string { return map[lang.Tag]string{"fr": fr, "nl": nl, "en": en}[tag] }
	p := Paper{Kind: Minutes, Lang: tag,
		House: w("Dynamo Coop, société coopérative, Liège", "Dynamo Coop, coöperatieve vennootschap, Luik",
			"Dynamo Coop, cooperative company, Liège"),
		Title: w("Procès-verbal de l’assemblée générale ordinaire de juin 2017",
			"Notulen van de gewone algemene vergadering van juni 2017",
			"Minutes of the ordinary general assembly of June 2017"),
		Foot: w("Dynamo Coop, assemblée générale de juin 2017", "Dynamo Coop, algemene vergadering van juni 2017",
			"Dynamo Coop, general assembly of June 2017"),
	}
	add := func(blocks ...Block) { p.Blocks = append(p.Blocks, blocks...) }
	add(Paragraph{T(w("Cent treize coopérateurs sont présents ou représentés, porteurs de 1\u00a0134 parts. La "+
		"présidente constate que l’assemblée est "+
		"régulièrement convoquée et peut délibérer sur tous ses points.",
		"Honderddertien coöperanten zijn aanwezig of vertegenwoordigd, met 1.134 aandelen. De voorzitster stelt "+
			"vast dat de vergadering "+
			"regelmatig is bijeengeroepen en over al haar punten kan beraadslagen.",
		"One hundred and thirteen cooperators are present or represented, holding 1,134 shares. The chair finds "+
			"that the assembly has been "+
			"duly convened and may deliberate on all its items."))})
	add(sampleAttendance(w))
	add(Heading{Level: 2, Number: "1", Anchor: "item-1", Words: T(w("Procès-verbal de l’assemblée de 2016",
		"Notulen van de vergadering van 2016",
		"Minutes of the 2016 assembly"))},
		Decision{Words: T(w("Approuvé par l’assemblée.", "Goedgekeurd door de vergadering.",
			"Approved by the assembly.")), Standing: AsStated,
			Note: T(w("le décompte des voix", "de telling van de stemmen", "the count of the votes"))})
	add(sampleAccounts(w)...)
	add(sampleBylaws(w)...)
	add(sampleCharter(w)...)
	add(sampleEnd(w)...)
	return p
}

func sampleAttendance(w func(fr, nl, en string) string) Block {
	thousand := func(s string) string { return w(s, s, s) }
	dagger := func(s string) Line { return L(s, Dagger("†")) }
	return Table{
		Caption: T(w("Présences. La liste nominative est annexée\u202f; elle ne se publie pas.",
			"Aanwezigheden. De naamlijst is bijgevoegd; ze wordt niet gepubliceerd.",
			"Attendance. The list of names is annexed; it is not published.")),
		Columns: []Column{{Head: T(w("Qualité", "Hoedanigheid", "Quality")), Row: true}, {Head: T(w("Têtes",
			"Hoofden", "Heads")), Align: Right},
			{Head: T(w("Parts", "Aandelen", "Shares")), Align: Right},
			{Head: L(w("Part du capital ", "Deel van het kapitaal ", "Part of the capital "), Dagger("†")), Align: Right}},
		Rows: []Row{
			{T(w("Présents", "Aanwezig", "Present")), dagger("89"), dagger("846"), T(w("42,6\u00a0%",
				"42,6\u00a0%", "42.6\u00a0%"))},
			{T(w("Représentés par procuration", "Vertegenwoordigd met volmacht", "Represented by proxy")),
				dagger("24"), dagger("288"),
				T(w("14,5\u00a0%", "14,5\u00a0%", "14.5\u00a0%"))}},
		Totals: []Row{{T(w("Présents ou représentés", "Aanwezig of vertegenwoordigd", "Present or represented")),
			T(thousand("113")),
			T(w("1\u00a0134", "1.134", "1,134")), T(w("57,1\u00a0%", "57,1\u00a0%", "57.1\u00a0%"))}},
	}
}

func sampleAccounts(w func(fr, nl, en string) string) []Block {
	return []Block{
		Heading{Level: 2, Number: "3", Anchor: "item-3", Words: T(w("Comptes 2016, décharge, plan financier",
			"Rekeningen 2016, kwijting, financieel plan",
			"Accounts 2016, discharge, financial plan"))},
		Paragraph{L(w("L’exercice se clôt sur une perte d’exploitation de ",
			"Het boekjaar sluit met een bedrijfsverlies van ",
			"The year closes with an operating loss of "), B(w("33\u00a0000\u00a0€", "33.000\u00a0€", "33,000\u00a0€")),
			w(", conforme au plan. Le plan mis à jour annonce un bénéfice ",
				", zoals gepland. Het bijgewerkte plan kondigt een ",
				", as planned. The updated plan announces a "), I(w("plus tardif", "latere winst",
				"later profit")), w(".", " aan.", "."))},
		List{Items: []Line{T(w("comptes de l’exercice 2016\u202f;", "rekeningen van het boekjaar 2016;",
			"accounts of the year 2016;")),
			T(w("décharge aux administrateurs, par un vote séparé\u202f;",
				"kwijting aan de bestuurders, met een afzonderlijke stemming;",
				"discharge to the directors, by a separate vote;")),
			T(w("plan financier, dont l’équilibre repose sur la mise en location des ateliers bâtis dans le grand "+
				"hall et sur les travaux prévus à Kultura.",
				"financieel plan, dat steunt op de verhuur van de ateliers in de grote hal en op de geplande werken in Kultura.",
				"financial plan, which rests on letting the workshops built in the great hall and on the works "+
					"planned at Kultura."))}},
		Decision{Words: T(w("Comptes approuvés à l’unanimité. Décharge donnée aux administrateurs. Plan approuvé.",
			"Rekeningen eenparig goedgekeurd. Kwijting verleend aan de bestuurders. Plan goedgekeurd.",
			"Accounts approved unanimously. Discharge given to the directors. Plan approved.")),
			Standing: Recomputed, Article: w("CSA 6:83", "WVV 6:83", "CCA 6:83")},
		Aside{Label: w("Point retenu après le point 3", "Punt onthouden na punt 3", "Point retained after item 3"),
			Words: T(w("Chaque nouveau bâtiment peut éloigner le bénéfice et donc les dividendes\u00a0: le "+
				"conseil d’administration en débat et revient avec des "+
				"propositions à la prochaine assemblée.",
				"Elk nieuw gebouw kan de winst en dus de dividenden verder weg brengen: de raad van bestuur "+
					"bespreekt het en komt met voorstellen "+
					"naar de volgende vergadering.",
				"Each new building may push profit, and so dividends, further away: the board debates it and "+
					"brings proposals to the next assembly."))},
	}
}

func sampleBylaws(w func(fr, nl, en string) string) []Block {
	return []Block{
		Heading{Level: 2, Number: "5", Anchor: "item-5", Words: T(w("Statuts, article 9, point 3",
			"Statuten, artikel 9, punt 3", "Bylaws, article 9, point 3"))},
		BeforeAfter{Before: w("Devient coopérateur le membre du personnel engagé depuis un an qui en fait la demande.",
			"Het personeelslid dat sinds een jaar in dienst is en erom vraagt, wordt coöperant.",
			"A member of staff engaged for one year becomes a cooperator on request."),
			After: w("Devient coopérateur le membre du personnel qui en fait la demande.",
				"Het personeelslid dat erom vraagt, wordt coöperant.",
				"A member of staff becomes a cooperator on request.")},
		Heading{Level: 3, Words: T(w("Calcul", "Berekening", "Computation"))},
		Reckoning{Lines: []ReckoningLine{
			{Words: L(w("Présentes ou représentées\u00a0: 1\u00a0134 parts sur 1\u00a0986",
				"Aanwezig of vertegenwoordigd: 1.134 van de 1.986",
				"Present or represented: 1,134 shares of 1,986"), Dagger("†"), w(" émises\u202f; il en faut la moitié, 993.",
				" uitgegeven aandelen; nodig is de helft, 993.", " issued; half of them are needed, 993.")),
				Article: w("CSA 6:85", "WVV 6:85", "CCA 6:85"),
				Figure:  w("57,1\u00a0%", "57,1\u00a0%", "57.1\u00a0%")},
			{Words: T(w("Abstentions, écartées au-dessus comme au-dessous de la barre.",
				"Onthoudingen, niet geteld boven en onder de streep.",
				"Abstentions, left out above and below the line.")), Figure: "−\u00a042"},
			{Words: T(w("Trois quarts des voix exprimées\u00a0: 819. Pour\u00a0: 1\u00a0061.",
				"Drie vierde van de uitgebrachte stemmen: 819. Voor: 1.061.",
				"Three quarters of the votes cast: 819. For: 1,061.")), Figure: w("97,2\u00a0%", "97,2\u00a0%", "97.2\u00a0%")},
		}},
		Decision{Words: T(w("Modification adoptée.", "Wijziging aangenomen.", "Change adopted.")), Standing: Differs,
			Note: T(w("1\u00a0061 pour au lieu de 1\u00a0060", "1.061 voor in plaats van 1.060", "1,061 for instead of 1,060"))},
	}
}

func sampleCharter(w func(fr, nl, en string) string) []Block {
	return []Block{
		Heading{Level: 2, Number: "6", Anchor: "item-6", Words: T(w("Charte et comité d’accompagnement",
			"Charter en begeleidingscomité", "Charter and committee"))},
		Proof{Head: w("Preuve du tirage", "Bewijs van de loting", "Proof of the draw"), Blocks: Blocks{
			Facts{Items: []Fact{
				{w("Urne gelée", "Bevroren urne", "Frozen pool"),
					T(w("19 volontaires, une personne, une chance\u202f; 1 écartée\u00a0: administratrice en fonction",
						"19 vrijwilligers, één persoon, één kans; 1 uitgesloten: bestuurster in functie",
						"19 volunteers, one person, one chance; 1 excluded: a director in office"))},
				{w("Empreinte de l’urne", "Vingerafdruk van de urne", "Hash of the pool"),
					L(Mono("c7c8 2510 531e fd92 86a0 279b c5a0 170a"))},
				{w("Effectifs", "Leden", "Members"), L(Who("P5"), ", ", Who("P6"), ", ", Who("P7"))},
			}},
			List{Ordered: true, Items: []Line{T(w("mots engagés", "woorden vastgelegd", "words committed")),
				T(w("mots révélés", "woorden onthuld", "words revealed")),
				T(w("dés jetés", "dobbelstenen geworpen", "dice thrown"))}},
			Hint{Words: T(w("Qui refait le calcul avec ces seules données trouve la même liste\u202f; une lettre "+
				"changée, et elle change.",
				"Wie de berekening met alleen deze gegevens overdoet, vindt dezelfde lijst; één letter anders, en ze verandert.",
				"Whoever repeats the computation with these data alone finds the same list; one letter changed, and it changes."))},
		}},
		Heading{Level: 2, Number: "7", Words: T(w("Élection au conseil", "Verkiezing in de raad", "Election to the board"))},
		Decision{Words: L("Me ", Who("P1"), w(", avocate, est élue administratrice.",
			", advocate, is verkozen tot bestuurster.", ", lawyer, is elected director."))},
	}
}

func sampleEnd(w func(fr, nl, en string) string) []Block {
	return []Block{
		Heading{Level: 2, Words: T(w("Annexe", "Bijlage", "Annex"))},
		QR{Text: "BCD\n002\n1\nSCT\n\nDynamo Coop\nBE71096123456769\nEUR250.00\n\n\n+++000/0000/09797+++",
			Words: T(w("Payer une part\u00a0: 250\u00a0€ sur le compte BE71 0961 2345 6769, avec la communication "+
				"+++000/0000/09797+++.",
				"Een aandeel betalen: 250\u00a0€ op rekening BE71 0961 2345 6769, met de mededeling +++000/0000/09797+++.",
				"Pay one share: 250\u00a0€ to account BE71 0961 2345 6769, with the reference +++000/0000/09797+++."))},
		Signatures{[]Signature{{w("La présidente", "De voorzitster", "The chair"), L(Who("P3"))},
			{w("La secrétaire", "De secretaris", "The secretary"), L(Who("P2"))},
			{w("Un scrutateur", "Een stemopnemer", "A teller"), L(Who("P4"))}}},
		Hint{Mark: "†", Words: T(w("Chiffre de démonstration\u00a0: le procès-verbal d’origine ne le donne pas. "+
			"Les personnes nommées sont inventées.",
			"Demonstratiecijfer: de oorspronkelijke notulen geven het niet. De genoemde personen zijn verzonnen.",
			"Figure for demonstration: the original minutes do not give it. The people named are invented."))},
		PageBreak{},
		Address{[]Line{T("Ateliers Dony"), T("rue Dony 33"), T("4000 Liège")}},
	}
}
