package load

import (
	"testing"
	"time"
)

func TestRegister(t *testing.T) {
	type ops []operation
	op := func(called, returned int, kind kind, value string, outcome outcome) operation {
		return operation{kind: kind, value: value, outcome: outcome, called: time.Duration(called), returned: time.Duration(returned)}
	}
	created := op(1, 2, create, "1", acknowledged)
	for name, test := range map[string]struct {
		operations ops
		legal      bool
	}{
		"written and read":       {ops{created, op(3, 4, update, "2", acknowledged), op(5, 6, read, "2", acknowledged)}, true},
		"absent at first":        {ops{op(1, 2, read, absent, acknowledged)}, true},
		"absent after a create":  {ops{created, op(3, 4, read, absent, acknowledged)}, false},
		"absent during a create": {ops{op(1, 4, create, "1", acknowledged), op(2, 3, read, absent, acknowledged)}, true},
		"of nobody":              {ops{created, op(3, 4, read, "7", acknowledged)}, false},
		"created twice":          {ops{created, op(3, 4, create, "2", acknowledged)}, false},
		"updated and absent":     {ops{op(1, 2, update, "1", acknowledged)}, false},

		"rejected, since it exists":         {ops{created, op(3, 4, create, "2", rejected)}, true},
		"rejected, and does not exist":      {ops{op(1, 2, create, "1", rejected)}, false},
		"rejected, since it does not exist": {ops{op(1, 2, update, "1", rejected)}, true},
		"rejected, and exists":              {ops{created, op(3, 4, update, "2", rejected)}, false},
		"rejected and done":                 {ops{created, op(3, 4, create, "2", rejected), op(5, 6, read, "2", acknowledged)}, false},

		"rejected by an unknown one": {ops{op(1, 2, create, "1", unknown), op(3, 4, create, "2", rejected)}, true},
		"rejected by a later one":    {ops{op(1, 2, create, "2", rejected), op(3, 4, create, "1", unknown)}, false},
		"unknown and done late": {ops{
			created,
			op(3, 4, update, "2", unknown),
			op(5, 6, read, "1", acknowledged),
			op(7, 8, read, "2", acknowledged),
		}, true},
		"unknown, done and undone": {ops{
			created,
			op(3, 4, update, "2", unknown),
			op(5, 6, read, "2", acknowledged),
			op(7, 8, read, "1", acknowledged),
		}, false},
		"unknown, read too early": {ops{created, op(3, 4, read, "2", acknowledged), op(5, 6, update, "2", unknown)}, false},
		"failed and done":         {ops{created, op(3, 4, update, "2", failed), op(5, 6, read, "2", acknowledged)}, false},
		"a read that failed":      {ops{created, op(3, 4, read, absent, failed)}, true},
	} {
		if err := (&History{operations: test.operations}).Check(); (err == nil) != test.legal {
			t.Errorf("%s: %v", name, err)
		}
	}
}
