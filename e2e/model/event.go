package model

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Event is something that a machine did or that was done to it.
type Event struct {
	At      time.Time
	Machine string
	Verb    string
	Fields  map[string]string
}

// What is done to a machine has no fields, and no console shows it.
const (
	PowerOn  = "power-on"
	PowerOff = "power-off"
	Wipe     = "wipe"      // the root and the etcd disk
	LoseData = "lose-data" // only the etcd disk
	LoseRoot = "lose-root" // only the root disk
	Restore  = "restore"   // its operator puts the data of a snapshot on its etcd disk
)

// fields lists the fields of each verb that machines log.
var fields = map[string][]string{
	"resume":   nil,
	"blank":    {"boot"},
	"fenced":   {"boot"},
	"starting": {"boot"},
	"fence":    {"by"},
	"new":      {"expect", "first", "second"},
	"remove":   {"member", "name", "url"},
	"add":      {"url"},
	"existing": nil,
	"promote":  {"member"},
	"member":   nil,
	"disarm":   nil,
}

var (
	actLine   = regexp.MustCompile(`\betcd: act\b`)
	actSyntax = regexp.MustCompile(`\bkindling (\S+) \d\d:\d\d:\d\d etcd: act at=(\d{1,12})\.(\d{6}) ([a-z]+)((?: [a-z]+=\S*)*)$`)
	boot8     = regexp.MustCompile(`^[0-9a-f]{8}$`)
)

// Parse reads the act lines on a machine's console. A malformed one is an error; all other lines are skipped.
func Parse(console string) ([]Event, error) {
	var events []Event
	var errs []error
	for line := range strings.Lines(console) {
		line = strings.TrimRight(line, "\r\n ")
		if !actLine.MatchString(line) {
			continue
		}
		event, err := parseLine(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", line, err))
			continue
		}
		events = append(events, event)
	}
	return events, errors.Join(errs...)
}

func parseLine(line string) (Event, error) {
	parts := actSyntax.FindStringSubmatch(line)
	if parts == nil {
		return Event{}, errors.New("not an act line")
	}
	seconds, _ := strconv.ParseInt(parts[2], 10, 64)
	micros, _ := strconv.ParseInt(parts[3], 10, 64)
	event := Event{At: time.Unix(seconds, micros*1000).UTC(), Machine: parts[1], Verb: parts[4], Fields: map[string]string{}}
	for _, field := range strings.Fields(parts[5]) {
		key, value, _ := strings.Cut(field, "=")
		event.Fields[key] = value
	}
	want, ok := fields[event.Verb]
	if !ok {
		return Event{}, fmt.Errorf("unknown verb %s", event.Verb)
	}
	if got := slices.Sorted(maps.Keys(event.Fields)); !slices.Equal(got, want) {
		return Event{}, fmt.Errorf("%s has the fields %v, want %v", event.Verb, got, want)
	}
	if b, ok := event.Fields["boot"]; ok && !boot8.MatchString(b) {
		return Event{}, fmt.Errorf("invalid boot %q", b)
	}
	if event.Verb == "new" {
		_, err := parseEvidence(event.Fields)
		return event, err
	}
	return event, nil
}
