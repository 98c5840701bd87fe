package javaorder_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/internal/javaorder"
)

// The orders below were written down from a JVM: sets, separated by "|", and
// what the HashSet made of them iterates.
func TestStrings(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{
			"BBAaAa,AaBBBB,AaAaBB,AaAaAa,BBAaBB,AaBBAa,BBBBAa,BBBBBB|AaAaAa,AaBBAa,BBAaAa,BBBBAa,BBAaBB,BBBBBB,AaAaBB,AaBBBB",
			"BBAaAa,AaBBBB,AaAaBB,AaAaAa,BBAaBB,AaBBAa,BBBBAa,BBBBBB",
		},
		{
			"cisbc,qk_zvn,tjz|9CCb9dABt,fxnkhubc,w0,q𝄞Bcpwe,rAbvya1,xg",
			"fxnkhubc,tjz,9CCb9dABt,qk_zvn,w0,q𝄞Bcpwe,cisbc,rAbvya1,xg",
		},
		{
			"B𝄞_éyl,iwwjkciiz,2e9,lgjmA|cmBsn0,zx_rz_cr|__é,𝄞pyzb,B,c9u,A0r,weAm,éohejB",
			"lgjmA,B,A0r,2e9,__é,weAm,cmBsn0,zx_rz_cr,𝄞pyzb,B𝄞_éyl,iwwjkciiz,éohejB,c9u",
		},
		{
			"A1sAhjsr,lvxn𝄞2,ioliy,r2kaffglr,u|m0qvho,n",
			"A1sAhjsr,r2kaffglr,u,m0qvho,lvxn𝄞2,ioliy,n",
		},
		{
			"9AAumv,g𝄞Blki9,é𝄞mag2k,2dutwp,envCeéu|",
			"2dutwp,9AAumv,envCeéu,g𝄞Blki9,é𝄞mag2k",
		},
		{
			"BBAaAa,AaBBBB,AaAaBB,AaAaAa,BBAaBB,AaBBAa,BBBBAa,BBBBBB|AaAaAa,AaBBAa,BBAaAa,BBBBAa,BBAaBB,BBBBBB,AaAaBB,AaBBBB",
			"BBAaAa,AaBBBB,AaAaBB,AaAaAa,BBAaBB,AaBBAa,BBBBAa,BBBBBB",
		},
		{
			"|BBBBBB,AaBBBB,AaBBAa,BBBBAa,BBAaAa|BBAaAa,AaBBBB,BBBBBB,AaAaAa,BBAaBB,AaAaBB,AaBBAa,BBBBAa",
			"BBBBBB,AaBBBB,AaBBAa,BBBBAa,BBAaAa,AaAaAa,BBAaBB,AaAaBB",
		},
		{
			"fowr1,y,sfcéygfi1,h9b,j2,𝄞vz1okbp,tetqyi0l2,st2dét,Bmk,gq,r,ub0z,9𝄞kjtr|n,g0g𝄞nf,tjxtc01ll,fen9ccAwg,q,a,2c,sciBk",
			"tetqyi0l2,Bmk,ub0z,a,sciBk,st2dét,j2,9𝄞kjtr,𝄞vz1okbp,gq,fen9ccAwg,n,h9b,q,2c,r,tjxtc01ll,sfcéygfi1,y,g0g𝄞nf,fowr1",
		},
	} {
		var sets [][]string
		for set := range strings.SplitSeq(c[0], "|") {
			sets = append(sets, strings.FieldsFunc(set, func(r rune) bool { return r == ',' }))
		}
		if got := strings.Join(javaorder.Strings(sets...), ","); got != c[1] {
			t.Errorf("%s:\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestInts(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"9,34,197,200,50,2,71|-17,25,269,170,53,152,107,262,226,78,2", "34,2,226,197,262,71,200,9,170,107,269,78,-17,50,53,152,25"},
		{"1507328,2359296,393216,2228224,1638400,983040,1900544,1769472", "2228224,2359296,393216,1507328,1638400,1769472,1900544,983040"},
		{"-103631380,-61091428,-422990204,1335895691", "-61091428,1335895691,-422990204,-103631380"},
		{"191,137,253,198,190,35,74,217,129,127,77,224,55", "224,129,35,198,137,74,77,55,217,253,190,191,127"},
		{"851968,1703936,1507328,458752,917504,524288,1376256,327680|458752,1835008,262144,983040,2031616,1245184,589824,1114112,1572864", "262144,327680,458752,524288,589824,851968,917504,983040,1114112,1245184,1376256,1507328,1572864,1703936,1835008,2031616"},
		{"-1293040123,-1409716867,1805045576,1076241787", "-1409716867,-1293040123,1076241787,1805045576"},
	} {
		var sets [][]int32
		for set := range strings.SplitSeq(c[0], "|") {
			var numbers []int32
			for text := range strings.FieldsFuncSeq(set, func(r rune) bool { return r == ',' }) {
				n, err := strconv.ParseInt(text, 10, 32)
				if err != nil {
					t.Fatal(err)
				}
				numbers = append(numbers, int32(n))
			}
			sets = append(sets, numbers)
		}
		var got []string
		for _, n := range javaorder.Ints(sets...) {
			got = append(got, strconv.Itoa(int(n)))
		}
		if text := strings.Join(got, ","); text != c[1] {
			t.Errorf("%s:\n got %s\nwant %s", c[0], text, c[1])
		}
	}
}

func TestStrings_large(t *testing.T) {
	t.Parallel()
	if got := javaorder.Strings(); got != nil {
		t.Errorf("no set: %v", got)
	}
	var names []string
	for i := range 100_000 {
		names = append(names, "name"+strconv.Itoa(i))
	}
	got := javaorder.Strings(names[:10], names, names)
	slices.Sort(got)
	slices.Sort(names)
	if !slices.Equal(got, names) {
		t.Errorf("%d of %d names", len(got), len(names))
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint32{"": 0, "a": 97, "Aa": 2112, "BB": 2112, "properties": 0xc8cd8d33, "\U0001d11e": 1772394} {
		if got := javaorder.Hash(text); got != want {
			t.Errorf("Hash(%q) = %#x, want %#x", text, got, want)
		}
	}
}
