/**
 * The IANA time zone database, 2025b, as far as a name tells of a country. Public domain.
 *
 * Written by `scripts/countries.mjs`, which says how. An area ends in a slash; below it each line is a
 * country's code by ISO 3166-1 with its zones; a number behind a zone says how many countries share it.
 */

export const TABLE = `
CN PRC
CU Cuba
EG Egypt
GB GB/4 GB-Eire/4
HK Hongkong
IE Eire
IL Israel
IR Iran
IS Iceland
JM Jamaica
JP Japan/2
KR ROK
LY Libya
MH Kwajalein
NZ NZ/2 NZ-CHAT
PL Poland
PT Portugal
RU W-SU
SG Singapore/3
TR Turkey
TW ROC
US Navajo
Africa/
AO Luanda
BF Ouagadougou
BI Bujumbura
BJ Porto-Novo
BW Gaborone
CD Kinshasa Lubumbashi
CF Bangui
CG Brazzaville
CI Abidjan/12
CM Douala
DJ Djibouti
DZ Algiers
EG Cairo
EH El_Aaiun
ER Asmara Asmera
ES Ceuta
ET Addis_Ababa
GA Libreville
GH Accra
GM Banjul
GN Conakry
GQ Malabo
GW Bissau
KE Nairobi/10
LR Monrovia
LS Maseru
LY Tripoli
MA Casablanca
ML Bamako Timbuktu
MR Nouakchott
MW Blantyre
MZ Maputo/8
NA Windhoek
NE Niamey
NG Lagos/10
RW Kigali
SD Khartoum
SL Freetown
SN Dakar
SO Mogadishu
SS Juba
ST Sao_Tome
SZ Mbabane
TD Ndjamena
TG Lome
TN Tunis
TZ Dar_es_Salaam
UG Kampala
ZA Johannesburg/3
ZM Lusaka
ZW Harare
America/
AG Antigua
AI Anguilla
AR Buenos_Aires Catamarca Cordoba Jujuy Mendoza Rosario
AW Aruba
BB Barbados
BL St_Barthelemy
BO La_Paz
BQ Kralendijk
BR Araguaina Bahia Belem Boa_Vista Campo_Grande Cuiaba Eirunepe Fortaleza Maceio Manaus Noronha Porto_Acre Porto_Velho Recife Rio_Branco Santarem Sao_Paulo
BS Nassau
BZ Belize
CA Atikokan Blanc-Sablon Cambridge_Bay Coral_Harbour Creston Dawson Dawson_Creek Edmonton Fort_Nelson Glace_Bay Goose_Bay Halifax Inuvik Iqaluit Moncton Montreal/2 Nipigon/2 Pangnirtung Rainy_River Rankin_Inlet Regina Resolute St_Johns Swift_Current Thunder_Bay/2 Toronto/2 Vancouver Whitehorse Winnipeg Yellowknife
CL Coyhaique Punta_Arenas Santiago
CO Bogota
CR Costa_Rica
CU Havana
CW Curacao
DM Dominica
DO Santo_Domingo
EC Guayaquil
GD Grenada
GF Cayenne
GL Danmarkshavn Godthab Nuuk Scoresbysund Thule
GP Guadeloupe
GT Guatemala
GY Guyana
HN Tegucigalpa
HT Port-au-Prince
JM Jamaica
KN St_Kitts
KY Cayman
LC St_Lucia
MF Marigot
MQ Martinique
MS Montserrat
MX Bahia_Banderas Cancun Chihuahua Ciudad_Juarez Ensenada Hermosillo Matamoros Mazatlan Merida Mexico_City Monterrey Ojinaga Santa_Isabel Tijuana
NI Managua
PA Panama/3
PE Lima
PM Miquelon
PR Puerto_Rico/20
PY Asuncion
SR Paramaribo
SV El_Salvador
SX Lower_Princes
TC Grand_Turk
TT Port_of_Spain
US Adak Anchorage Atka Boise Chicago Denver Detroit Fort_Wayne Indianapolis Juneau Knox_IN Los_Angeles Louisville Menominee Metlakatla New_York Nome Phoenix/2 Shiprock Sitka Yakutat
UY Montevideo
VC St_Vincent
VE Caracas
VG Tortola
VI St_Thomas Virgin
America/Argentina/
AR Buenos_Aires Catamarca ComodRivadavia Cordoba Jujuy La_Rioja Mendoza Rio_Gallegos Salta San_Juan San_Luis Tucuman Ushuaia
America/Indiana/
US Indianapolis Knox Marengo Petersburg Tell_City Vevay Vincennes Winamac
America/Kentucky/
US Louisville Monticello
America/North_Dakota/
US Beulah Center New_Salem
Antarctica/
AQ Casey Davis DumontDUrville Mawson McMurdo Palmer Rothera South_Pole Syowa Troll Vostok
AU Macquarie
Arctic/
SJ Longyearbyen
Asia/
AE Dubai/5
AF Kabul
AM Yerevan
AZ Baku
BD Dacca Dhaka
BH Bahrain
BN Brunei
BT Thimbu Thimphu
CN Chongqing Chungking Harbin Kashgar Shanghai Urumqi
CY Famagusta Nicosia
GE Tbilisi
HK Hong_Kong
ID Jakarta Jayapura Makassar Pontianak Ujung_Pandang
IL Jerusalem Tel_Aviv
IN Calcutta Kolkata
IQ Baghdad
IR Tehran
JO Amman
JP Tokyo/2
KG Bishkek
KH Phnom_Penh
KP Pyongyang
KR Seoul
KW Kuwait
KZ Almaty Aqtau Aqtobe Atyrau Oral Qostanay Qyzylorda
LA Vientiane
LB Beirut
LK Colombo
MM Rangoon/2 Yangon/2
MN Choibalsan Hovd Ulaanbaatar Ulan_Bator
MO Macao Macau
MY Kuala_Lumpur Kuching/2
NP Kathmandu Katmandu
OM Muscat
PH Manila
PK Karachi
PS Gaza Hebron
QA Qatar/2
RU Anadyr Barnaul Chita Irkutsk Kamchatka Khandyga Krasnoyarsk Magadan Novokuznetsk Novosibirsk Omsk Sakhalin Srednekolymsk Tomsk Ust-Nera Vladivostok Yakutsk Yekaterinburg
SA Riyadh/4
SG Singapore/3
SY Damascus
TH Bangkok/5
TJ Dushanbe
TL Dili
TM Ashgabat Ashkhabad
TR Istanbul
TW Taipei
UZ Samarkand Tashkent
VN Ho_Chi_Minh Saigon
YE Aden
Atlantic/
BM Bermuda
CV Cape_Verde
ES Canary
FK Stanley
FO Faeroe Faroe
GS South_Georgia
IS Reykjavik
PT Azores Madeira
SH St_Helena
SJ Jan_Mayen
Australia/
AU ACT Adelaide Brisbane Broken_Hill Canberra Currie Darwin Eucla Hobart LHI Lindeman Lord_Howe Melbourne NSW North Perth Queensland South Sydney Tasmania Victoria West Yancowinna
Brazil/
BR Acre DeNoronha East West
Canada/
CA Atlantic Central Eastern/2 Mountain Newfoundland Pacific Saskatchewan Yukon
Chile/
CL Continental EasterIsland
Europe/
AD Andorra
AL Tirane
AT Vienna
AX Mariehamn
BA Sarajevo
BE Brussels/3
BG Sofia
BY Minsk
CH Zurich/3
CY Nicosia
CZ Prague/2
DE Berlin/5 Busingen
DK Copenhagen
EE Tallinn
ES Madrid
FI Helsinki/2
FR Paris/2
GB Belfast/4 London/4
GG Guernsey
GI Gibraltar
GR Athens
HR Zagreb
HU Budapest
IE Dublin
IM Isle_of_Man
IT Rome/3
JE Jersey
LI Vaduz
LT Vilnius
LU Luxembourg
LV Riga
MC Monaco
MD Chisinau Tiraspol
ME Podgorica
MK Skopje
MT Malta
NL Amsterdam
NO Oslo
PL Warsaw
PT Lisbon
RO Bucharest
RS Belgrade/6
RU Astrakhan Kaliningrad Kirov Moscow Samara Saratov Ulyanovsk Volgograd
SE Stockholm
SI Ljubljana
SK Bratislava
SM San_Marino
TR Istanbul
UA Kiev Kyiv Uzhgorod Zaporozhye
VA Vatican
Indian/
CC Cocos
CX Christmas
IO Chagos
KM Comoro
MG Antananarivo
MU Mauritius
MV Maldives/2
RE Reunion
SC Mahe
TF Kerguelen
YT Mayotte
Mexico/
MX BajaNorte BajaSur General
Pacific/
AS Pago_Pago/2 Samoa/2
CK Rarotonga
CL Easter
EC Galapagos
FJ Fiji
FM Chuuk Kosrae Pohnpei Ponape Truk Yap
GU Guam/2
KI Enderbury Kanton Kiritimati Tarawa/5
MH Kwajalein Majuro
MP Saipan
NC Noumea
NF Norfolk
NR Nauru
NU Niue
NZ Auckland/2 Chatham
PF Gambier Marquesas Tahiti
PG Bougainville Port_Moresby/3
PN Pitcairn
PW Palau
SB Guadalcanal/2
TK Fakaofo
TO Tongatapu
TV Funafuti
UM Midway Wake
US Honolulu Johnston
VU Efate
WF Wallis
WS Apia
US/
AS Samoa/2
US Alaska Aleutian Arizona/2 Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific
`;
