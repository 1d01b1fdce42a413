package term

// A subject is what a department teaches. Topics are in the language in which
// the department writes its catalogue.
type subject struct {
	faculty, code, name string
	language            string
	topics              []string
}

var subjects = []subject{
	{"SCI", "MATH", "Mathematics", "en", []string{"Linear Algebra", "Real Analysis", "Number Theory", "Topology", "Probability & Chance"}},
	{"HUM", "JAPN", "Japanese Studies", "ja", []string{"日本文学", "日本語音声学", "近世の歴史", "書道"}},
	{"SOC", "LAW", "Law", "de", []string{"Bürgerliches Recht", "Öffentliches Recht", "Europarecht", "Rechtsgeschichte: „Treu und Glauben“"}},
	{"MED", "NURS", "Nursing", "en", []string{"Patient Care", "Paediatrics", "Palliative Medicine", "Community Health"}},
	{"SCI", "PHYS", "Physics", "en", []string{"Mechanics", "Electricity & Magnetism", "Optics (λ < 1 µm)", "Thermodynamics"}},
	{"HUM", "HISP", "Hispanic Studies", "es", []string{"Poesía española", "Teatro del Siglo de Oro", "Fonética y fonología", "Ñandutí y artesanía"}},
	{"SOC", "ECON", "Economics", "en", []string{"Microeconomics", "Public Finance", "Econometrics", "Markets & Money"}},
	{"MED", "PHAR", "Pharmacy", "fr", []string{"Pharmacologie générale", "Chimie médicinale", "Toxicologie", "L’officine et la cité"}},
	{"SCI", "CHEM", "Chemistry", "en", []string{"Organic Chemistry", "Kinetics", "Spectroscopy", "Polymers"}},
	{"HUM", "ARAB", "Arabic Studies", "ar", []string{"الأدب العربي", "النحو والصرف", "تاريخ الأندلس"}},
	{"SOC", "SOCI", "Sociology", "pl", []string{"Socjologia miasta", "Żywność i społeczeństwo", "Metody badań"}},
	{"MED", "DENT", "Dentistry", "en", []string{"Oral Anatomy", "Orthodontics", "Materials"}},
	{"SCI", "CSCI", "Computer Science", "en", []string{"Algorithms", "Compilers", "Types <T> and Proofs", "Networks", "Databases"}},
	{"HUM", "CLAS", "Classics", "el", []string{"Ομηρικά έπη", "Αττική τραγωδία", "Επιγραφική"}},
	{"SOC", "GEOG", "Geography", "is", []string{"Jöklafræði", "Þéttbýli og byggð", "Kortagerð"}},
	{"MED", "VETM", "Veterinary Medicine", "cs", []string{"Anatomie zvířat", "Chov koní", "Mikrobiologie"}},
	{"SCI", "BIOL", "Biology", "pt", []string{"Genética", "Botânica", "Evolução e adaptação"}},
	{"HUM", "SLAV", "Slavic Studies", "ru", []string{"Русская проза", "Старославянский язык", "Стихосложение"}},
	{"SOC", "EDUC", "Education", "fi", []string{"Kasvatustiede", "Äidinkielen opetus", "Oppimisvaikeudet"}},
	{"MED", "PSYC", "Psychology", "tr", []string{"Gelişim Psikolojisi", "Öğrenme ve Bellek", "Klinik Görüşme"}},
	{"SCI", "ENGR", "Engineering", "ko", []string{"재료 역학", "제어 공학", "유체 역학"}},
	{"HUM", "HIND", "South Asian Studies", "hi", []string{"हिन्दी साहित्य", "भाषा विज्ञान", "भारतीय इतिहास"}},
	{"SOC", "POLS", "Politics", "he", []string{"מבוא למדע המדינה", "דמוקרטיה ומשפט", "יחסים בינלאומיים"}},
	{"MED", "PUBH", "Public Health", "vi", []string{"Dịch tễ học", "Dinh dưỡng cộng đồng", "Thống kê y tế"}},
}

// forms are what is made of a topic, with the hundred of the course number
// and its credits.
var forms = []struct {
	title   string // %s is the topic
	hundred int
	credits string
}{
	{"%s I", 100, "5.0"},
	{"%s II", 200, "5.0"},
	{"%s: Seminar", 300, "7.5"},
	{"%s – Lab", 200, "2.5"},
	{"%s, Project", 400, "10.0"},
}
