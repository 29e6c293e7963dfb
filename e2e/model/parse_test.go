package model

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	console := strings.Join([]string{
		"[    3.141592] systemd[1]: Started kindling.service.",
		"kindling cp0 07:12:03 etcd: act at=1764040000.123456 blank boot=5e7a91c2\r",
		"kindling cp0 07:12:03 etcd: 1 of 2 machines are ready to form etcd",
		"kindling cp0 07:12:04 etcd: acting on nothing",
		"[    9.2] kindling cp0 07:12:09 etcd: act at=1764040006.000001 new first=cp1:blank:0000000b,cp2:forming second=cp1:starting:0000000b,cp2:forming expect=3",
		"kindling cp0 07:12:30 etcd: act at=1764040027.500000 member",
		"kindling cp0 07:13:30 etcd: act at=1764040087.500000 remove member=8e9e05c52164694d name= url=https://10.0.0.7:2380",
	}, "\n")
	at := func(seconds, micros int64) time.Time { return time.Unix(seconds, micros*1000).UTC() }
	want := []Event{
		{at(1764040000, 123456), "cp0", "blank", map[string]string{"boot": "5e7a91c2"}},
		{at(1764040006, 1), "cp0", "new", map[string]string{
			"first":  "cp1:blank:0000000b,cp2:forming",
			"second": "cp1:starting:0000000b,cp2:forming",
			"expect": "3",
		}},
		{at(1764040027, 500000), "cp0", "member", map[string]string{}},
		{at(1764040087, 500000), "cp0", "remove", map[string]string{
			"member": "8e9e05c52164694d", "name": "", "url": "https://10.0.0.7:2380",
		}},
	}
	got, err := Parse(console)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefuses(t *testing.T) {
	for line, why := range map[string]string{
		"act":                                                                         "not an act line",
		"act blank boot=5e7a91c2":                                                     "not an act line",
		"act at=1764040000 blank boot=5e7a91c2":                                       "not an act line",
		"act at=1764040000.123456":                                                    "not an act line",
		"act at=1764040000.123456 member  ok":                                         "not an act line",
		"act at=1764040000.123456 wipe":                                               "unknown verb wipe",
		"act at=1764040000.123456 blank":                                              "blank has the fields [], want [boot]",
		"act at=1764040000.123456 member id=1":                                        "member has the fields [id], want []",
		"act at=1764040000.123456 blank boot=xyz":                                     `boot "xyz"`,
		"act at=1764040000.123456 new first= second= expect=0":                        `expect "0"`,
		"act at=1764040000.123456 new first=cp1 second= expect=2":                     `answer "cp1"`,
		"act at=1764040000.123456 new first= second=cp1: expect=2":                    `answer "cp1:"`,
		"act at=1764040000.123456 new first= second=:forming expect=2":                `answer ":forming"`,
		"act at=1764040000.123456 new first=cp1:blank second= expect=2":               `answer "cp1:blank"`,
		"act at=1764040000.123456 new first=cp1:forming,cp1:forming second= expect=2": "two answers from cp1",
	} {
		t.Run(line, func(t *testing.T) {
			events, err := Parse("kindling cp0 07:12:03 etcd: " + line)
			if err == nil || !strings.HasSuffix(err.Error(), why) {
				t.Errorf("%v, %v, want the error %s", events, err, why)
			}
		})
	}
}
