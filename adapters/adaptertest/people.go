package adaptertest

import "fmt"

// A human is a name as its bearer writes it. There are names without a
// family name, and names that are longer than a form.
type human struct{ language, given, family string }

var people = []human{
	{"nl", "Femke", "van der Meer"},
	{"is", "Guðrún", "Sigurðardóttir"},
	{"zh", "小明", "王"},
	{"ar", "ليلى", "الحسيني"},
	{"pl", "Łukasz", "Wiśniewski"},
	{"en", "Siobhán", "O’Neill-Smith"},
	{"tr", "İpek", "Yıldız"},
	{"ja", "さくら", "佐藤"},
	{"es", "María José", "Núñez Ibáñez"},
	{"ko", "민준", "김"},
	{"ru", "Анна", "Петрова"},
	{"el", "Ελένη", "Παπαδοπούλου"},
	{"vi", "Thị Hoa", "Nguyễn"},
	{"he", "נועה", "כהן"},
	{"hi", "आरव", "शर्मा"},
	{"yo", "Adébáyọ̀", "Ọlátúnjí"},
	{"de", "Jürgen", "Groß-Übelhör"},
	{"haw", "Kaʻiulani", "Kealoha"},
	{"th", "สมชาย", "ใจดี"},
	{"am", "ሰላም", "በቀለ"},
	{"mi", "Mārama", "Ngata"},
	{"cs", "Žofie", "Dvořáková"},
	{"ka", "ნინო", "ბერიძე"},
	{"hy", "Արամ", "Հակոբյան"},
	{"id", "Budi", ""}, // many people have one name
	{"pt", "Luís Filipe", "de Albuquerque Cavalcanti e Vasconcelos de Sá"},
	{"en", "Anne-Marie", "D'Souza"},
	{"fr", "Zoé", "L’Hôpital"},
	{"ta", "முருகன்", "செல்வம்"},
	{"uk", "Дар’я", "Коваль"},
}

// display writes a name in the order that is usual where it comes from.
func (h human) display() string {
	switch {
	case h.family == "":
		return h.given
	case h.language == "zh" || h.language == "ja" || h.language == "ko":
		return h.family + h.given
	case h.language == "vi":
		return h.family + " " + h.given
	}
	return h.given + " " + h.family
}

// A course is one of the catalogue.
type course struct{ language, number, title, topic string }

var courses = []course{
	{"en", "MATH-101", "Calculus I", "Limits, derivatives and integrals"},
	{"de", "JUR-210", "Bürgerliches Recht: Verträge & „Treu und Glauben“", "§§ 241–304 BGB"},
	{"fr", "LIT-330", "L’œuvre de Zola", "Les Rougon-Macquart"},
	{"ja", "HIS-115", "日本近代史", "明治維新から現代まで"},
	{"en", "CS-240", "C++ <templates> & \"generics\"", "Types, a < b, and what they cost"},
	{"ar", "PHI-120", "مدخل إلى الفلسفة", "ابن رشد والغزالي"},
	{"es", "BIO-205", "Biología molecular", "ADN, ARN y proteínas"},
	{"el", "CLA-101", "Ἀρχαία Ἑλληνικά", "Ξενοφῶντος Ἀνάβασις"},
}

func personID(n int) string   { return fmt.Sprintf("u%07d", 1000000+n*37) }
func templateID(n int) string { return fmt.Sprintf("%s/%d", courses[n%len(courses)].number, n) }
func offeringID(n int) string { return templateID(n) + ".2026-FALL" }
func sectionID(n int) string  { return offeringID(n) + "." + fmt.Sprintf("%03d", n%3+1) }
