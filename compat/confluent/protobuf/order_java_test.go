package protobuf_test

// ordersOfJava was printed by a program of Java 17.
var ordersOfJava = []orderTest{
	{
		name: "small numbers", prefix: "#/M/", schema: fieldsOf,
		original: "5 3 1",
		update:   "4 2",
		want:     "1 2 3 4 5",
	},
	{
		name: "one bucket", prefix: "#/M/", schema: fieldsOf,
		original: "33 17 1",
		update:   "49 65",
		want:     "33 17 1 49 65",
	},
	{
		name: "twelve numbers start with 32 buckets", prefix: "#/M/", schema: fieldsOf,
		original: "60 55 50 45 40 35 30 25 20 15 10 5",
		update:   "96 97",
		want:     "96 97 35 5 40 10 45 15 50 20 55 25 60 30",
	},
	{
		name: "thirteen numbers grow the table", prefix: "#/M/", schema: fieldsOf,
		original: "",
		update:   "91 84 77 70 63 56 49 42 35 28 21 14 7",
		want:     "35 70 7 42 77 14 49 84 21 56 91 28 63",
	},
	{
		name: "hundreds", prefix: "#/M/", schema: fieldsOf,
		original: "100 200 300 400 500 600 700 800 900 1000 1100 1200 1300 1400 1500 1600 1700 1800 1900 2000",
		update:   "2101 2102",
		want:     "800 1600 100 900 1700 200 1000 1800 300 1100 1900 400 1200 2000 500 1300 2101 2102 600 1400 700 1500",
	},
	{
		name: "a full bucket grows the table", prefix: "#/M/", schema: fieldsOf,
		original: "",
		update:   "192 176 160 144 128 112 96 80 64 48 32 16",
		want:     "192 160 128 96 64 32 176 144 112 80 48 16",
	},
	{
		name: "eight in a bucket do not", prefix: "#/M/", schema: fieldsOf,
		original: "",
		update:   "128 112 96 80 64 48 32 16",
		want:     "128 112 96 80 64 48 32 16",
	},
	{
		name: "large numbers", prefix: "#/M/", schema: fieldsOf,
		original: "536870911 100000 65536 131072",
		update:   "70000 262144",
		want:     "536870911 100000 65536 70000 131072 262144",
	},
	{
		name: "negative numbers", prefix: "#/M/", schema: constantsOf,
		original: "0 -1 -2",
		update:   "1 -16 2147483647 -2147483648",
		want:     "0 -1 2147483647 -2147483648 -2 1 -16",
	},
	{
		name: "a hundred numbers", prefix: "#/M/", schema: constantsOf,
		original: "237 1165 1486 45 1381 255 1969 650 851 1535 1201 1713 709 912 496 1663 962 739 1308 280 1843 1925 884 1052 719 5 1240 1401 577 1812 124 74 680 1892 536 493 1819 1507 1647 1235 326 881 1674 48 1334 396 513 290 1277 653 1013 1246 195 171 845 453 1209 1566 1227 1158",
		update:   "1675 526 1897 830 273 1306 821 106 530 1348 455 1638 1721 1115 397 981 222 32 599 177 1495 1788 787 1998 257 1602 826 1599 1407 819 1538 1327 1382 1741 1360 746 856 1949 567 1292",
		want:     "513 257 1538 5 1292 526 273 530 787 1812 280 536 1306 1819 1308 1052 1566 32 290 45 1327 48 1843 819 821 1334 567 826 830 1599 577 1602 1348 326 74 845 1360 851 599 856 1115 1892 1381 1638 1382 1897 106 1647 881 884 1401 124 1663 1407 1925 1158 650 1674 1675 396 1165 653 397 912 1949 680 171 1969 1201 1713 177 1209 1721 962 195 709 453 455 1227 1741 1486 1998 719 1235 981 1495 1240 1246 222 739 1507 746 237 493 496 1013 1788 1277 255 1535",
	},
	{
		name: "numbers that are given twice count once", prefix: "#/M/", schema: constantsOf,
		original: "16 1 17 2 16 1 17 2 16 1 17 2",
		update:   "3 33",
		want:     "16 1 17 33 2 3",
	},
	{
		name: "enum names", prefix: "#/", schema: enumsOf,
		original: "Status Kind Currency",
		update:   "Color Weekday Locale A",
		want:     "Status Locale Weekday A Kind Currency Color",
	},
	{
		name: "colliding names", prefix: "#/", schema: enumsOf,
		original: "BB Aa",
		update:   "AaBB BBAa BBBB AaAa",
		want:     "BB Aa AaBB BBAa BBBB AaAa",
	},
	{
		name: "oneof names", prefix: "#/M/", schema: oneofsOf,
		original: "payment target source value",
		update:   "kind result event change state",
		want:     "result kind change payment source state event value target",
	},
	{
		name: "many oneof names", prefix: "#/M/", schema: oneofsOf,
		original: "a b c d e f g h i j k l m",
		update:   "aa bb cc dd ee ff gg hh ii jj kk ll mm nn",
		want:     "bb dd ff hh jj ll nn aa cc ee gg ii kk mm a b c d e f g h i j k l m",
	},
}
