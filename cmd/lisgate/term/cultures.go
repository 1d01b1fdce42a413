package term

// A culture is a way of naming people. Given and family names are lists
// separated by blanks, with _ for a blank inside a name, and with the Latin
// form of a name in another script after a |. The ends are put to a family
// name for men and for women. The names are common ones, put together by
// chance.
type culture struct {
	language         string
	style            style
	men, women       string
	families         string
	manEnd, womanEnd string
}

// A style is the order in which a name is written.
type style int

const (
	givenFirst style = iota
	familyFirst
	familyJoined // family first, without a blank
	twoFamilies  // of the father and of the mother
	givenMiddle  // with a middle name
	oneName
)

var cultures = []culture{
	{"en", givenFirst, "James Oliver Conor Jean-Luc D'Andre", "Grace Siobhan Mary-Ann Chloe Olivia", "Smith O'Neill Hartley-Jones MacTavish D'Arcy Okafor-Brown Ng Wren", "", ""},
	{"de", givenFirst, "Jürgen Sören Matthäus Günther Karl-Heinz", "Käthe Änne Liesel Dörte Anna-Sophie", "Groß-Übelhör Müller Weiß Schröder von_der_Heide Käßmaier Löwe", "", ""},
	{"fr", givenMiddle, "Loïc Éloi François Anaël Jean-Noël", "Zoé Maëlle Hélène Gaëlle Marie-Ève", "L’Hermite D’Aubrac Lefèvre Benoît-Roux Çelestin de_la_Tour Garçon", "", ""},
	{"es", twoFamilies, "José_María Iñaki Raúl Íñigo Andrés", "María_José Begoña Lucía Inés Concepción", "Núñez Ibáñez García-Luna Peña de_la_Fuente Muñoz Quiñones", "", ""},
	{"pt", twoFamilies, "João Luís_Filipe Sebastião Estêvão", "Conceição Inês Luísa Antónia", "de_Albuquerque e_Vasconcelos Simões Magalhães Gonçalves dos_Anjos", "", ""},
	{"is", givenFirst, "Þór Ægir Björn Sigurður Óðinn", "Guðrún Þórdís Ásta Æsa Hólmfríður", "Jóns Þórs Sigurðar Ara Ólafs Guðmundar", "son", "dóttir"},
	{"pl", givenFirst, "Łukasz Grzegorz Świętosław Mieczysław", "Małgorzata Bożena Żaneta Zofia", "Wiśniewsk Dąbrowsk Żółkiewsk Zielińsk Kamińsk", "i", "a"},
	{"cs", givenFirst, "Jiří Ondřej Vojtěch Řehoř", "Žofie Božena Růžena Ludmila", "Dvořák Novák Kolář Křížek Šťastník", "", "ová"},
	{"tr", givenFirst, "İsmail Çağrı Oğuz Işık", "İpek Şule Gülşen Ayşegül", "Yıldız Öztürk Çelik Ağaoğlu Şahin Kılıç", "", ""},
	{"hu", familyFirst, "Győző Ödön Csaba Szilárd", "Erzsébet Tünde Ágnes Györgyi", "Kovács Szőke Nagyné-Tóth Őrsi Vörös", "", ""},
	{"ro", givenFirst, "Ștefan Răzvan Dănuț Ionuț", "Ștefania Ilinca Mădălina Ruxandra", "Ionescu Brătianu Ciobănașu Țiriac-Pop Mureșan", "", ""},
	{"yo", givenFirst, "Adébáyọ̀ Olúwaṣeun Babátúndé Akínwùmí", "Ọláyínká Ṣadé Yétúndé Àbẹ̀kẹ́", "Ọlátúnjí Adéyẹmí Ògúnlésì Ṣówándé Fálànà", "", ""},
	{"vi", familyFirst, "Văn_Đức Quốc_Bảo Hữu_Phước Minh_Tuấn", "Thị_Hoa Thùy_Dương Ngọc_Ánh Mỹ_Hạnh", "Nguyễn Trần Đặng Phạm Vũ Lý", "", ""},
	{"haw", givenFirst, "Kaʻeo Keoni Nāinoa", "Kaʻiulani Leilani Noelani", "Kealoha Kahananui Māhoe ʻAukai", "", ""},
	{"id", oneName, "Budi Sugeng Wibowo Slamet Ngurah", "Sulastri Ketut Wati Parwati Ningsih", "", "", ""},
	{"ru", givenMiddle, "Борис|Boris Фёдор|Fyodor Юрий|Yuri Пётр|Pyotr", "Анна|Anna Ольга|Olga Любовь|Lyubov Есения|Yeseniya", "Петров|Petrov Журавлёв|Zhuravlyov Щукин|Shchukin Соловьёв|Solovyov Цветаев|Tsvetayev", "", "а|a"},
	{"uk", givenFirst, "Тарас|Taras Юхим|Yukhym Григорій|Hryhoriy", "Дар’я|Daria Євгенія|Yevheniia Ґалина|Galyna", "Коваль|Koval Шевчук|Shevchuk Лук’яненко|Lukianenko Їжакевич|Yizhakevych", "", ""},
	{"el", givenFirst, "Γιώργος|Giorgos Ηλίας|Ilias Ευστάθιος|Efstathios", "Ελένη|Eleni Χρυσούλα|Chrysoula Ιφιγένεια|Ifigeneia", "Παπαδόπουλ|Papadopoul Γεωργιάδ|Georgiad Σταθόπουλ|Stathopoul", "ος|os", "ου|ou"},
	{"ar", givenFirst, "عمر|Omar خالد|Khalid ياسين|Yasin عبد_الرحمن|Abdelrahman", "ليلى|Layla فاطمة|Fatima هدى|Huda أسماء|Asma", "الحسيني|Al-Husseini بن_يوسف|Ben_Youssef القرطبي|Al-Qurtubi حداد|Haddad", "", ""},
	{"fa", givenFirst, "کیوان|Keyvan پژمان|Pezhman گیو|Giv", "ژاله|Zhaleh پریسا|Parisa نگین|Negin", "کاظمی‌نیا|Kazeminia گلستانی|Golestani چراغی|Cheraghi", "", ""},
	{"he", givenFirst, "אריאל|Ariel יונתן|Yonatan נתן|Natan", "נועה|Noa שירה|Shira צופיה|Tzofia", "כהן|Cohen בן־דוד|Ben-David לוי|Levi שקד|Shaked", "", ""},
	{"hi", givenFirst, "आरव|Aarav विवेक|Vivek श्रीनिवास|Shrinivas", "प्रिया|Priya लक्ष्मी|Lakshmi अनुष्का|Anushka", "शर्मा|Sharma त्रिपाठी|Tripathi द्विवेदी|Dwivedi मिश्र|Mishra", "", ""},
	{"ta", oneName, "முருகன்|Murugan செந்தில்|Senthil கார்த்திக்|Karthik", "மீனாட்சி|Meenakshi கவிதா|Kavitha யாழினி|Yazhini", "", "", ""},
	{"th", givenFirst, "สมชาย|Somchai ณัฐวุฒิ|Natthawut ธีรพงษ์|Theeraphong", "ปิยะนุช|Piyanuch สุดารัตน์|Sudarat กนกวรรณ|Kanokwan", "ใจดี|Jaidee ศรีสุวรรณ|Srisuwan วงศ์ใหญ่|Wongyai", "", ""},
	{"zh", familyJoined, "小明|Xiaoming 建国|Jianguo 𠮷祥|Jixiang 宇轩|Yuxuan", "美玲|Meiling 雪|Xue 诗涵|Shihan 丽娜|Lina", "王|Wang 欧阳|Ouyang 李|Li 诸葛|Zhuge 吕|Lü", "", ""},
	{"ja", familyJoined, "太郎|Taro 健一|Kenichi りく|Riku 翔|Sho", "さくら|Sakura 花子|Hanako エミリ|Emiri 結衣|Yui", "佐藤|Sato 渡邉|Watanabe 髙橋|Takahashi 小鳥遊|Takanashi", "", ""},
	{"ko", familyJoined, "민준|Minjun 서준|Seojun 지훈|Jihun", "서연|Seoyeon 하은|Haeun 봄|Bom", "김|Kim 이|Lee 남궁|Namgung 최|Choi", "", ""},
	{"am", givenFirst, "ዳዊት|Dawit ተስፋዬ|Tesfaye ሙሉጌታ|Mulugeta", "ሰላም|Selam ትዕግስት|Tigist አልማዝ|Almaz", "በቀለ|Bekele ገብረማርያም|Gebremariam አየለ|Ayele", "", ""},
	{"ka", givenFirst, "გიორგი|Giorgi ვახტანგ|Vakhtang ზაზა|Zaza", "ნინო|Nino თამარ|Tamar ქეთევან|Ketevan", "ბერიძე|Beridze ჩხეიძე|Chkheidze მჭედლიშვილი|Mchedlishvili", "", ""},
	{"hy", givenFirst, "Արամ|Aram Հայկ|Hayk", "Անահիտ|Anahit Շուշան|Shushan", "Հակոբյան|Hakobyan Մկրտչյան|Mkrtchyan", "", ""},
	{"mi", givenFirst, "Tāne Wiremu Rāwiri", "Mārama Aroha Hinewai", "Ngata Te_Awa Pōtiki Whāngārā", "", ""},
	{"nl", givenFirst, "Sjoerd Daniël Thijs", "Femke Noëlle Roos", "van_der_Meer 't_Jong IJzerman op_'t_Veld de_Vries", "", ""},
}
