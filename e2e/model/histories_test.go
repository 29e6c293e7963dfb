package model

// formed is the history of machines that all ask each other, in so many rounds, and start new.
func formed(machines, rounds int) []action {
	var history []action
	for range rounds {
		for i := range machines {
			history = append(history, asked(machines, i)...)
		}
	}
	for i := range machines {
		history = append(history, action{verb: decides, i: uint8(i)})
	}
	for i := range machines {
		history = append(history, action{verb: startsNew, i: uint8(i)})
	}
	return history
}

func asked(machines, i int) []action {
	var history []action
	for j := range machines {
		if i != j {
			history = append(history, action{asks, uint8(i), uint8(j)})
		}
	}
	return history
}

// settled goes on until all machines are established and A has seen that.
func settled(machines int) []action {
	history := append(formed(machines, 2), action{isElected, 0, 1<<(machines/2+1) - 1})
	for range 2 {
		for j := 1; j < machines; j++ {
			history = append(history, action{replicates, 0, uint8(j)})
		}
	}
	for j := 1; j < machines; j++ {
		history = append(history, action{sees, 0, uint8(j)})
	}
	return history
}

// written goes on with the write, which just a quorum holds.
func written(machines int) []action {
	history := append(settled(machines), action{verb: writes, i: 0})
	for j := range machines / 2 {
		history = append(history, action{replicates, 0, uint8(j + 1)})
	}
	return history
}

// writtenByTwo is a cluster of A and B, which are enough for themselves. C is on, but has not been heard of.
func writtenByTwo() []action {
	return []action{
		{asks, 0, 1}, {asks, 0, 1}, {asks, 1, 0}, {asks, 1, 0},
		{verb: decides, i: 0}, {verb: decides, i: 1}, {verb: startsNew, i: 0}, {verb: startsNew, i: 1},
		{isElected, 0, 0b011}, {replicates, 0, 1}, {replicates, 0, 1}, {sees, 0, 1},
		{verb: writes, i: 0}, {replicates, 0, 1},
	}
}

// writtenAtOnce is a write of which D and E of five machines have heard as little as of anything else.
func writtenAtOnce(rounds int) []action {
	return append(formed(5, rounds),
		action{isElected, 0, 0b00111},
		action{replicates, 0, 1},
		action{replicates, 0, 2},
		action{verb: writes, i: 0},
		action{replicates, 0, 1},
		action{replicates, 0, 2},
	)
}

// underway is when of five machines B, which has voted for A twice, is destroyed and starts new before it is told of anything.
func underway() []action {
	return append(append(formed(5, 2), action{isElected, 0, 0b00111}, action{isElected, 0, 0b00111}), anew(1)...)
}

// anew is how one of five machines is destroyed and starts new.
func anew(i int) []action {
	history := append([]action{{verb: isWiped, i: uint8(i)}}, asked(5, i)...)
	return append(append(history, asked(5, i)...), action{verb: decides, i: uint8(i)}, action{verb: startsNew, i: uint8(i)})
}

// joined is when of those also C is destroyed so, E leads by votes of machines that know nothing of A's election, and D, which is
// destroyed too, joins E's cluster. Of that A has heard nothing.
func joined() []action {
	history := append(append(underway(), anew(2)...), action{isElected, 4, 0b11100})
	tells := func(others ...uint8) {
		for _, j := range others {
			history = append(history, action{replicates, 4, j})
		}
	}
	tells(2, 3, 1)
	history = append(history, action{verb: isWiped, i: 3}, action{asks, 3, 4}, action{removes, 3, 4})
	tells(1, 2)
	history = append(history, action{adds, 3, 4})
	tells(1, 2)
	history = append(history, action{startsExisting, 3, 4})
	tells(3)
	history = append(history, action{promotes, 3, 4})
	tells(1, 2, 3)
	return history
}

// joinedWritten goes on until D leads, has seen that all are established, and just a quorum holds the write.
func joinedWritten() []action {
	history := append(joined(), action{isElected, 3, 0b01110})
	for range 2 {
		history = append(history, action{replicates, 3, 0}, action{replicates, 3, 1}, action{replicates, 3, 2}, action{replicates, 3, 4})
	}
	return append(history, action{sees, 3, 0}, action{sees, 3, 1}, action{sees, 3, 2}, action{sees, 3, 4},
		action{verb: writes, i: 3}, action{replicates, 3, 1}, action{replicates, 3, 2})
}
