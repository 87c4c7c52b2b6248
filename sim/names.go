package sim

import "strings"

// Names and streets are common ones of Liège, Limburg and Brussels, put together by lot; no living person is meant.
var (
	givenFr = strings.Fields("Adèle Agathe Aline Amandine Amélie Annick Arlette Aurélie Bénédicte Brigitte Camille Carine Cécile Chantal " +
		"Charlotte Claire Clara Coralie Danielle Delphine Denise Dominique Édith Élise Émilie Emma Estelle Eugénie Fabienne Florence Françoise " +
		"Geneviève Ghislaine Hélène Inès Isabelle Jacqueline Josiane Julie Justine Laurence Léa Léonie Liliane Louise Lucie Madeleine Manon " +
		"Marguerite Marion Martine Mathilde Mélanie Michèle Mireille Monique Nadine Nathalie Nicole Noémie Océane Patricia Paule Pauline Rachel " +
		"Régine Renée Sabine Salomé Sandrine Sarah Simone Solange Sophie Stéphanie Suzanne Sylvie Thérèse Valérie Véronique Victoire Viviane Yvette " +
		"Adrien Alain Albert Alexandre Alexis Alphonse André Antoine Arnaud Arthur Aurélien Baptiste Benjamin Benoît Bernard Bertrand Christian " +
		"Christophe Claude Clément Damien Daniel David Denis Didier Édouard Émile Éric Étienne Eugène Fabrice Félix Fernand Firmin Florian François " +
		"Frédéric Gaston Geoffrey Georges Gérald Gilles Grégoire Guillaume Guy Henri Hugo Jacques Jérôme Joseph Jules Julien Laurent Léon Louis Luc " +
		"Ludovic Marc Marcel Martin Mathieu Maurice Maxence Michel Nicolas Noé Olivier Pascal Patrick Paul Philippe Pierre Quentin Raoul Raymond " +
		"René Robert Robin Roger Romain Sébastien Serge Simon Stanislas Sylvain Théo Thierry Thomas Tristan Valentin Victor Vincent Xavier Yves")
	givenNl   = strings.Fields("An Anke Annelies Bart Bram Dirk Elke Ellen Griet Hilde Ingrid Jan Joke Joris Katrien Koen Kris Lieve Lotte Luc Marleen Mieke Pieter Rik Stijn Tine Tom Veerle Wim Wouter")
	givenWide = strings.Fields("Fatou Mehmet Yasmina Karim Leïla Mohamed Nadia Sofia Giuseppe Rosa Maria Paolo Ayşe Ömer Łukasz Agnieszka Dragan Črtomir Zoé Aïcha Samir Hanae Luigi Carmela Esra Ibrahima")
	familyFr  = strings.Fields("Ancion Bastin Baudouin Beaujean Berger Bertrand Bodson Bolland Bonhomme Bouillenne Brasseur Bronckart Califice Charlier Closset " +
		"Collard Collignon Colson Corbesier Cornet Counet Crahay Cuvelier Dardenne Debaty Defays Dehousse Dejardin Delbrouck Delcour Delhez Delvaux " +
		"Delvigne Demarteau Denoël Deprez Detaille Dewandre Dieudonné Donnay Doyen Dubois Dumont Dupont Evrard Fafchamps Falise Ferrière Fléron " +
		"Foguenne Fontaine Fraiture Franssen Gathoye Gérard Germay Gilson Goffin Gosset Grandjean Grosjean Guillaume Halleux Hanssen Hardy Henrard " +
		"Herman Heuse Houbart Humblet Jacquemin Jadot Jamar Jeukenne Joiret Kinet Lacroix Lambrecht Laurent Leclercq Lecomte Lefèbvre Legrand Lejeune " +
		"Lemaire Lemmens Lenoir Leroy Lhoest Lognoul Longrée Magis Malherbe Maréchal Martin Mathieu Mawet Melard Michel Mignon Minguet Monfort Moreau " +
		"Mottard Nihoul Noirhomme Olivier Paquay Parmentier Pasque Peeters Petit Piron Pirard Polet Raskin Remacle Renard Renson Reuter Rigaux Robert " +
		"Rouffart Salmon Sauvage Schmitz Simonis Smal Stassart Thiry Thonon Tihon Toussaint Vandenberg Vieilvoye Vrancken Warnier Wathelet Wilmotte Xhonneux")
	familyNl = []string{"van den Berg", "Van Damme", "De Smet", "Claes", "Peeters", "Janssens", "Maes", "Wouters",
		"Goossens", "Vandersmissen", "De Wilde", "Vos", "Hermans", "Coenen", "Thijs", "van der Linden"}
	familyWide = []string{"Diarra", "Yıldırım", "Benhaddou", "El Amrani", "Rossi", "Di Stefano", "Özdemir", "Nowak",
		"Črnić", "Kowalska", "Şahin", "Haddad", "Conti", "Ndiaye", "Benali", "Łapiński", "Tekin", "Ferrari"}

	streets = []string{"rue Saint-Léonard", "rue Vivegnis", "rue Féronstrée", "rue Hors-Château", "rue Puits-en-Sock",
		"rue Roture", "boulevard de la Constitution",
		"rue de Campine", "rue Sainte-Marguerite", "quai de la Dérivation", "rue des Guillemins", "rue de Fétinne",
		"avenue de l’Observatoire", "rue du Laveu",
		"rue Ernest Solvay", "rue de la Station", "rue Haute", "rue Basse", "place du Marché", "rue des Écoles",
		"chaussée de Tongres", "rue du Moulin"}
	towns = []struct {
		post, town string
		weight     int
	}{{"4000", "Liège", 40}, {"4020", "Liège", 26}, {"4030", "Grivegnée", 8}, {"4031", "Angleur", 5}, {"4032", "Chênée",
		4}, {"4040", "Herstal", 8},
		{"4100", "Seraing", 6}, {"4130", "Esneux", 4}, {"4400", "Flémalle", 3}, {"4430", "Ans", 4}, {"4600", "Visé", 4},
		{"4800", "Verviers", 4},
		{"4500", "Huy", 2}, {"1000", "Bruxelles", 3}, {"1060", "Saint-Gilles", 2}, {"5000", "Namur", 2}, {"3700", "Tongeren",
			3}, {"3500", "Hasselt", 2}}

	// Invented bodies; those of Dynamo's own story stand in demo.go.
	bodyNames = []struct{ name, form string }{
		{"Fondation Ourthe & Vesdre", "fondation"}, {"Terre & Feu", "ASBL"}, {"Les Ateliers de la Batte", "ASBL"},
		{"Coopérative du Pont", "SC"},
		{"La Chouette Enseigne", "SRL"}, {"Le Cercle des Luthiers", "ASBL"}, {"Imprimerie du Perron", "SRL"},
		{"Compagnie du Moulin noir", "ASBL"},
		{"Théâtre de la Passerelle", "ASBL"}, {"Ciné-club Outremeuse", "ASBL"}, {"Atelier vélo du Longdoz", "ASBL"},
		{"Jardins de Bressoux", "ASBL"},
		{"Mutuelle des Métiers d’art", "ASBL"}, {"Brasserie des Coteaux", "SC"}, {"Le Fil et l’Aiguille", "ASBL"},
		{"Radio Ravel", "ASBL"},
		{"Maison des Musiques", "ASBL"}, {"Les Tisseurs de Saint-Gilles", "SC"}, {"Sérigraphie du Nord", "SRL"},
		{"Collectif Sans Marteau", "ASBL"},
		{"Vitrail et Lumière", "SRL"}, {"Bois flotté", "SC"}, {"L’Établi", "ASBL"}, {"Le Comptoir des Images", "ASBL"},
		{"Danse en Roture", "ASBL"},
		{"Boutique du Monde d’Outremeuse", "ASBL"}, {"École de cirque du Val", "ASBL"}, {"Solidarité Saint-Léonard", "ASBL"},
		{"Épargne citoyenne liégeoise", "SC"},
		{"Fonds des Guillemins", "fondation"}, {"Les Amis du Cadran", "ASBL"}, {"Verre et Sable", "SRL"},
		{"Repair Café du Laveu", "ASBL"}, {"Papier mâché", "ASBL"},
	}
)
