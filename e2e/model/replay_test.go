package model

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var cps = []string{"cp0", "cp1", "cp2"}

// eventsOf reads a history that is written as "SECONDS MACHINE VERB FIELDS", one event per line.
func eventsOf(t *testing.T, text string) []Event {
	t.Helper()
	var events []Event
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		seconds, err := strconv.ParseFloat(words[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		e := Event{
			At:      time.Unix(0, 0).Add(time.Duration(seconds * float64(time.Second))),
			Machine: words[1], Verb: words[2], Fields: map[string]string{},
		}
		for _, field := range words[3:] {
			key, value, _ := strings.Cut(field, "=")
			e.Fields[key] = value
		}
		events = append(events, e)
	}
	return events
}

// formation is how three machines form a cluster. The third one is late.
const formation = `
	0 cp0 power-on
	0 cp1 power-on
	0 cp2 power-on
	1 cp0 blank boot=000000a0
	1 cp1 blank boot=000000b0
	2 cp2 blank boot=000000c0
	3 cp0 starting boot=000000a0
	3 cp1 starting boot=000000b0
	3.1 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
	3.2 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:starting:000000a0,cp2:blank:000000c0 expect=3
	4.1 cp2 starting boot=000000c0
	9 cp2 new first=cp0:starting:000000a0,cp1:blank:000000b0 second=cp0:forming:etcd,cp1:forming:etcd expect=3
	12 cp0 member
	12 cp1 member
	12 cp2 member
`

func TestReplayAllows(t *testing.T) {
	for name, history := range map[string]string{
		"formation": formation,
		"a founder's line comes a moment after what it reports": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			3 cp2 starting boot=000000c0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			6 cp0 member
			6.9 cp2 new first=cp0:blank:000000a0,cp1:blank:000000b0 second=cp0:blank:000000a0,cp1:blank:000000b0 expect=3
			7 cp1 member
			7 cp2 member`,
		"a founder is wiped and joins before the others let anyone write": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			9 cp2 wipe
			10 cp2 power-on
			20 cp2 blank boot=000000c1
			21 cp2 fence by=cp0
			22 cp2 remove member=1 name=cp2 url=u
			23 cp2 add url=u
			24 cp2 existing
			30 cp2 promote member=2
			31 cp2 member
			32 cp0 member
			32 cp1 member`,
		"a founder whose root disk was lost waits": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			10 cp0 power-off
			10 cp0 lose-root
			11 cp0 power-on
			20 cp0 resume
			20 cp0 existing
			21 cp2 starting boot=000000c0
			22 cp2 new first=cp0:forming:etcd,cp1:forming:etcd second=cp0:forming:etcd,cp1:forming:etcd expect=3
			30 cp0 member`,
		"a founder whose etcd holds a key does not wait": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			3 cp2 starting boot=000000c0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			4 cp2 new first=cp0:blank:000000a0,cp1:blank:000000b0 second=cp0:blank:000000a0,cp1:blank:000000b0 expect=3
			9 cp0 member
			20 cp2 power-off
			20 cp2 wipe
			30 cp1 member`,
		"what a joiner's etcd holds is not known": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			21 cp2 fence by=cp0
			23 cp2 add url=u
			24 cp2 existing
			30 cp2 promote member=2
			40 cp1 wipe
			50 cp2 member`,
		"replacement": formation + `
			60 cp1 power-off
			60 cp1 wipe
			61 cp1 power-on
			62 cp1 blank boot=000000b1
			63 cp1 fence by=cp0
			63 cp1 fenced boot=000000b1
			64 cp1 remove member=8e9e05c52164694d name=cp1 url=https://10.0.0.8:2380
			65 cp1 add url=https://10.0.0.8:2380
			66 cp1 existing
			70 cp1 promote member=1
			71 cp1 member`,
		"a joiner's step is killed and removes what it has added": formation + `
			60 cp1 power-off
			60 cp1 wipe
			61 cp1 power-on
			62 cp1 blank boot=000000b1
			63 cp1 fence by=cp0
			64 cp1 add url=https://10.0.0.8:2380
			70 cp1 blank boot=000000b1
			70 cp1 fenced boot=000000b1
			71 cp1 fence by=cp2
			72 cp1 remove member=1 name= url=https://10.0.0.8:2380
			73 cp1 add url=https://10.0.0.8:2380
			74 cp1 existing
			80 cp1 resume
			81 cp1 promote member=2
			82 cp1 member`,
		"all disks are lost, and a snapshot is left": formation + `
			60 cp0 wipe
			60 cp1 wipe
			60 cp2 wipe
			61 cp0 power-on
			62 cp0 blank boot=000000a1
			63 cp0 restore
			64 cp0 resume
			64 cp0 existing
			65 cp0 member
			70 cp1 power-on
			71 cp1 blank boot=000000b1
			72 cp1 fence by=cp0
			73 cp1 add url=https://10.0.0.8:2380
			74 cp1 existing
			75 cp1 promote member=1
			75 cp1 member`,
		"a joiner removes a member that no document names": formation + `
			60 cp1 lose-data
			61 cp1 fenced boot=000000b0
			62 cp1 fence by=cp0
			63 cp1 remove member=5 name=cp9 url=https://10.0.0.9:2380
			63 cp1 remove member=1 name=cp1 url=https://10.0.0.8:2380
			64 cp1 add url=https://10.0.0.8:2380
			64 cp1 remove member=6 name= url=https://10.0.0.10:2380
			65 cp1 existing`,
		"a joiner removes a peer that is off": formation + `
			30 cp2 power-off
			40 cp1 lose-data
			50 cp1 fenced boot=000000b0
			51 cp1 fence by=cp0
			400 cp1 remove member=2 name=cp2 url=https://10.0.0.9:2380
			401 cp1 remove member=1 name=cp1 url=https://10.0.0.8:2380`,
		"a joiner removes a peer that was wiped": formation + `
			30 cp2 wipe
			31 cp2 blank boot=000000c0
			40 cp1 lose-data
			50 cp1 fenced boot=000000b0
			51 cp1 fence by=cp0
			400 cp1 remove member=2 name=cp2 url=https://10.0.0.9:2380`,
		"a joiner removes a peer that has just booted": formation + `
			30 cp2 power-off
			40 cp1 lose-data
			50 cp1 fenced boot=000000b0
			51 cp1 fence by=cp0
			390 cp2 power-on
			400 cp1 remove member=2 name=cp2 url=https://10.0.0.9:2380
			410 cp2 resume`,
		"a joiner removes a peer that never was there": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			4 cp0 new first=cp1:blank:000000b0,cp2:silent: second=cp1:blank:000000b0,cp2:silent: expect=2
			4 cp1 new first=cp0:blank:000000a0,cp2:silent: second=cp0:blank:000000a0,cp2:silent: expect=2
			9 cp0 member
			20 cp1 lose-data
			20 cp1 fenced boot=000000b0
			21 cp1 fence by=cp0
			400 cp1 remove member=2 name=cp2 url=https://10.0.0.9:2380`,
		"power cut": formation + `
			60 cp0 power-off
			60 cp1 power-off
			60 cp2 power-off
			60.5 cp2 member
			61 cp0 power-on
			61 cp1 power-on
			61 cp2 power-on
			70 cp0 resume
			70 cp1 resume
			70 cp2 resume
			72 cp0 member`,
		"power cut between manifest and data": `
			0 cp0 power-on
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3.1 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			3.2 cp0 power-off
			10 cp0 power-on
			11 cp0 disarm
			11 cp0 power-on
			11.5 cp0 disarm
			12 cp0 blank boot=000000a1
			13 cp0 starting boot=000000a1
			14 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3`,
		"lost etcd disk": formation + `
			60 cp1 power-off
			60 cp1 lose-data
			61 cp1 power-on
			62 cp1 disarm
			62 cp1 blank boot=000000b1
			62 cp1 fenced boot=000000b1
			63 cp1 fence by=cp0
			64 cp1 remove member=8e9e05c52164694d name=cp1 url=https://10.0.0.8:2380
			65 cp1 add url=https://10.0.0.8:2380
			66 cp1 existing
			70 cp1 promote member=1
			71 cp1 member`,
		"lost root": formation + `
			60 cp1 power-off
			60 cp1 lose-root
			61 cp1 power-on
			62 cp1 resume
			63 cp1 existing
			70 cp1 member`,
		"a step is killed when it may start": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			4 cp0 blank boot=000000a0
			5 cp0 starting boot=000000a0
			6 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3`,
		"a founder is wiped while the others form": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3.1 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 power-off
			4 cp1 wipe
			5 cp1 power-on
			60 cp1 blank boot=000000b1
			62 cp1 starting boot=000000b1
			63 cp1 new first=cp0:forming,cp2:blank:000000c0 second=cp0:forming,cp2:blank:000000c0 expect=3`,
		"all disks are lost": formation + `
			60 cp0 wipe
			60 cp1 wipe
			60 cp2 wipe
			61 cp0 power-on
			61 cp1 power-on
			61 cp2 power-on
			62 cp0 blank boot=000000a1
			62 cp1 blank boot=000000b1
			62 cp2 blank boot=000000c1
			64 cp0 starting boot=000000a1
			65 cp0 new first=cp1:blank:000000b1,cp2:blank:000000c1 second=cp1:blank:000000b1,cp2:blank:000000c1 expect=3`,
		"two of three, and a second cluster that was asked for": `
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			2 cp0 starting boot=000000a0
			2 cp1 starting boot=000000b0
			3 cp0 new first=cp1:blank:000000b0,cp2:silent:(7) second=cp1:blank:000000b0,cp2:silent:(7) expect=2
			3 cp1 new first=cp0:blank:000000a0,cp2:silent:(7) second=cp0:starting:000000a0,cp2:silent:(7) expect=2
			9 cp0 member
			20 cp1 wipe
			21 cp1 blank boot=000000b1
			21 cp2 blank boot=000000c1
			30 cp1 starting boot=000000b1
			31 cp1 new first=cp0:silent:,cp2:blank:000000c1 second=cp0:silent:,cp2:blank:000000c1 expect=2`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := Replay(cps, eventsOf(t, history)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReplaySorts(t *testing.T) {
	events := eventsOf(t, formation)
	backwards := make([]Event, 0, len(events))
	for _, machine := range []string{"cp2", "cp1", "cp0"} {
		for _, e := range events {
			if e.Machine == machine {
				backwards = append(backwards, e)
			}
		}
	}
	if err := Replay(cps, backwards); err != nil {
		t.Error(err)
	}
}

func TestReplayForbids(t *testing.T) {
	const ask = `
		1 cp0 blank boot=000000a0
		1 cp1 blank boot=000000b0
		1 cp2 blank boot=000000c0
		2 cp0 starting boot=000000a0
	`
	const wiped = formation + `
		60 cp1 power-off
		60 cp1 wipe
		61 cp1 power-on
		62 cp1 blank boot=000000b1
	`
	const lost = formation + `
		60 cp1 lose-data
		62 cp1 blank boot=000000b0
	`
	for name, c := range map[string]struct {
		history string
		want    []string
	}{
		"unknown machine": {"1 cp7 resume", []string{"00:00:01.000000 cp7 resume: unknown machine"}},
		"unknown verb":    {"1 cp0 explode", []string{"00:00:01.000000 cp0 explode: unknown verb"}},
		"acts while off": {formation + `
			60 cp0 power-off
			61.5 cp0 member`, []string{"00:01:01.500000 cp0 member: the machine is off"}},
		"resumes nothing":   {"1 cp0 resume", []string{"00:00:01.000000 cp0 resume: its etcd disk has no data"}},
		"blank with data":   {formation + "60 cp0 blank boot=000000a0", []string{"00:01:00.000000 cp0 blank: its etcd disk has data"}},
		"fenced with data":  {formation + "60 cp0 fenced boot=000000a0", []string{"00:01:00.000000 cp0 fenced: its etcd disk has data"}},
		"disarms with data": {formation + "60 cp0 disarm", []string{"00:01:00.000000 cp0 disarm: its etcd disk has data"}},
		"disarms nothing":   {"1 cp0 disarm", []string{"00:00:01.000000 cp0 disarm: there was no manifest"}},
		"new boot without power-on": {"1 cp0 blank boot=000000a0\n2 cp0 blank boot=000000a1", []string{
			"00:00:02.000000 cp0 blank: its boot was 000000a0"}},
		"starting before blank": {"1 cp0 starting boot=000000a0", []string{
			"00:00:01.000000 cp0 starting: not allowed in phase unknown"}},
		"starting with a fence": {lost + "63 cp1 starting boot=000000b0", []string{
			"00:01:03.000000 cp1 starting: its root disk has a fence"}},
		"starting though fenced": {lost + "63 cp1 fenced boot=000000b0\n64 cp1 starting boot=000000b0", []string{
			"00:01:04.000000 cp1 starting: not allowed in phase fenced", "00:01:04.000000 cp1 starting: its root disk has a fence"}},
		"fence after resume": {formation + "60 cp0 resume\n61 cp0 fence by=cp1", []string{
			"00:01:01.000000 cp0 fence: not allowed in phase running"}},
		"fence by itself": {wiped + "63 cp1 fence by=cp1", []string{`00:01:03.000000 cp1 fence: "cp1" is not a peer`}},
		"fence by a machine without etcd": {ask + "3 cp1 fence by=cp2", []string{
			"00:00:03.000000 cp1 fence: cp2 had no etcd"}},
		"new without starting": {ask + `
			3 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3`, []string{
			"00:00:03.000000 cp1 new: not allowed in phase blank"}},
		"new twice": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3`, []string{
			"00:00:04.000000 cp0 new: not allowed in phase running"}},
		"new with too few": {ask + "3 cp0 new first=cp1:blank:000000b0 second=cp1:blank:000000b0 expect=3", []string{
			"00:00:03.000000 cp0 new: 2 of 3 count"}},
		"new after one round": {ask + "3 cp0 new first= second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3", []string{
			"00:00:03.000000 cp0 new: 1 of 3 count"}},
		"new with a peer that went back": {ask + `
			2 cp1 starting boot=000000b0
			3 cp1 blank boot=000000b0
			4 cp0 new first=cp1:starting:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3`, []string{
			"00:00:04.000000 cp0 new: 2 of 3 count"}},
		"new with a peer that rebooted": {ask + `
			2 cp1 power-on
			3 cp1 blank boot=000000b1
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b1,cp2:blank:000000c0 expect=3`, []string{
			"00:00:04.000000 cp0 new: 2 of 3 count"}},
		"new with itself": {ask + "3 cp0 new first=cp0:blank:000000a0,cp1:blank:000000b0 second=cp0:blank:000000a0,cp1:blank:000000b0 expect=3", []string{
			"00:00:03.000000 cp0 new: cp0 is not a peer"}},
		"new with a boot that nobody has": {ask + "3 cp0 new first=cp1:blank:000000b7,cp2:blank:000000c0 second=cp1:blank:000000b7,cp2:blank:000000c0 expect=3", []string{
			"00:00:03.000000 cp0 new: cp1 was not blank in boot 000000b7", "00:00:03.000000 cp0 new: cp1 was not blank in boot 000000b7"}},
		"new with an answer of later": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:starting:000000b0,cp2:blank:000000c0 expect=3
			4.5 cp1 starting boot=000000b0`, []string{
			"00:00:03.000000 cp0 new: cp1 was not starting in boot 000000b0"}},
		"new with null for forming": {ask + "3 cp0 new first=cp1:blank:000000b0,cp2:forming second=cp1:blank:000000b0,cp2:forming expect=3", []string{
			"00:00:03.000000 cp0 new: cp2 was not forming", "00:00:03.000000 cp0 new: cp2 was not forming"}},
		"new with an answer of long ago": {`
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			2 cp1 power-off
			9 cp0 blank boot=000000a0
			10 cp0 starting boot=000000a0
			11 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3`, []string{
			"00:00:11.000000 cp0 new: cp1 was not blank in boot 000000b0", "00:00:11.000000 cp0 new: cp1 was not blank in boot 000000b0"}},
		"a second cluster": {wiped + `
			62 cp2 wipe
			63 cp2 blank boot=000000c1
			70 cp1 starting boot=000000b1
			71 cp1 new first=cp0:forming,cp2:blank:000000c1 second=cp0:forming,cp2:blank:000000c1 expect=3`, []string{
			"00:01:11.000000 cp1 new: cp0 was not forming", "00:01:11.000000 cp1 new: cp0 was not forming",
			"00:01:11.000000 cp1 new: cp0 already has a cluster, so this is a second one"}},
		"removes without a fence": {wiped + "63 cp1 fenced boot=000000b1\n64 cp1 remove member=1 name=cp1 url=u", []string{
			"00:01:04.000000 cp1 remove: its root disk has no fence"}},
		"removes while blank": {wiped + "64 cp1 remove member=1 name=cp1 url=u", []string{
			"00:01:04.000000 cp1 remove: not allowed in phase blank", "00:01:04.000000 cp1 remove: its root disk has no fence"}},
		"removes a peer that is on": {wiped + "63 cp1 fence by=cp0\n64 cp1 remove member=1 name=cp2 url=u", []string{
			"00:01:04.000000 cp1 remove: cp2 is on, and a member"}},
		"removes a peer that is on again": {wiped + `
			62 cp2 power-off
			63 cp2 power-on
			70 cp2 resume
			71 cp1 fence by=cp0
			400 cp1 remove member=1 name=cp2 url=u`, []string{
			"00:06:40.000000 cp1 remove: cp2 is on, and a member"}},
		"removes what it added": {wiped + "63 cp1 fence by=cp0\n64 cp1 add url=u\n65 cp1 remove member=1 name=cp1 url=u", []string{
			"00:01:05.000000 cp1 remove: it has already been added"}},
		"adds without a fence": {wiped + "63 cp1 fenced boot=000000b1\n64 cp1 add url=u", []string{
			"00:01:04.000000 cp1 add: its root disk has no fence"}},
		"existing without add": {wiped + "63 cp1 fence by=cp0\n64 cp1 existing", []string{
			"00:01:04.000000 cp1 existing: it has not been added"}},
		"existing without a fence": {wiped + "64 cp1 existing", []string{
			"00:01:04.000000 cp1 existing: not allowed in phase blank", "00:01:04.000000 cp1 existing: its root disk has no fence",
			"00:01:04.000000 cp1 existing: it has not been added"}},
		"existing though it has a manifest": {formation + "60 cp1 resume\n61 cp1 existing", []string{
			"00:01:01.000000 cp1 existing: it has a manifest"}},
		"promotes before it starts": {wiped + "63 cp1 fence by=cp0\n64 cp1 add url=u\n65 cp1 promote member=1", []string{
			"00:01:05.000000 cp1 promote: not allowed in phase fenced"}},
		"promotes a founder":      {formation + "60 cp1 promote member=1", []string{"00:01:00.000000 cp1 promote: it is not a learner"}},
		"member before it starts": {ask + "3 cp0 member", []string{"00:00:03.000000 cp0 member: not allowed in phase starting"}},
		"member before all start": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			3 cp1 starting boot=000000b0
			3.5 cp1 new first=cp0:starting:000000a0,cp2:blank:000000c0 second=cp0:starting:000000a0,cp2:blank:000000c0 expect=3
			4 cp0 member
			5 cp2 starting boot=000000c0
			5.1 cp2 new first=cp0:starting:000000a0,cp1:starting:000000b0 second=cp0:forming,cp1:forming expect=3`, []string{
			"00:00:04.000000 cp0 member: no etcd on cp2: 2 of 3 could be established"}},
		"member after a boot before all start": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			10 cp0 power-off
			11 cp0 power-on
			20 cp0 resume
			21 cp0 member`, []string{
			"00:00:21.000000 cp0 member: no etcd on cp1, cp2: 1 of 3 could be established"}},
		"member after another one is wiped": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			3 cp1 starting boot=000000b0
			3 cp2 starting boot=000000c0
			3 cp1 new first=cp0:starting:000000a0,cp2:blank:000000c0 second=cp0:starting:000000a0,cp2:blank:000000c0 expect=3
			3 cp2 new first=cp0:starting:000000a0,cp1:blank:000000b0 second=cp0:starting:000000a0,cp1:blank:000000b0 expect=3
			4 cp2 wipe
			5 cp2 power-on
			20 cp0 member`, []string{
			"00:00:20.000000 cp0 member: no etcd on cp2: 2 of 3 could be established"}},
		"member of two of three before another one starts": {ask + `
			3 cp0 new first=cp1:blank:000000b0,cp2:silent: second=cp1:blank:000000b0,cp2:silent: expect=2
			9 cp0 member`, []string{
			"00:00:09.000000 cp0 member: no etcd on cp1, cp2: 1 of 2 could be established"}},
		"member with a new root disk before all start": {`
			1 cp0 blank boot=000000a0
			1 cp1 blank boot=000000b0
			1 cp2 blank boot=000000c0
			3 cp0 starting boot=000000a0
			3 cp1 starting boot=000000b0
			4 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			4 cp1 new first=cp0:blank:000000a0,cp2:blank:000000c0 second=cp0:blank:000000a0,cp2:blank:000000c0 expect=3
			10 cp0 power-off
			10 cp0 lose-root
			11 cp0 power-on
			20 cp0 resume
			20 cp0 existing
			21 cp0 member`, []string{
			"00:00:21.000000 cp0 member: no etcd on cp2: 2 of 3 could be established"}},
		"member before all start, after all disks were lost": {formation + `
			60 cp0 wipe
			60 cp1 wipe
			60 cp2 wipe
			62 cp0 blank boot=000000a0
			62 cp1 blank boot=000000b0
			62 cp2 blank boot=000000c0
			64 cp0 starting boot=000000a0
			70 cp0 new first=cp1:blank:000000b0,cp2:blank:000000c0 second=cp1:blank:000000b0,cp2:blank:000000c0 expect=3
			80 cp0 member`, []string{
			"00:01:20.000000 cp0 member: no etcd on cp1, cp2: 1 of 3 could be established"}},
		"member before it resumes": {formation + "60 cp0 power-on\n61 cp0 member", []string{
			"00:01:01.000000 cp0 member: not allowed in phase unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := Replay(cps, eventsOf(t, c.history))
			if err == nil {
				t.Fatal("the rule allows it")
			}
			if diff := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
