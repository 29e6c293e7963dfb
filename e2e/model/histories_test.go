package model

// formed is a history in which all machines ask each other, in this number of rounds, and start new.
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

// settled continues until all machines are established and A has seen that.
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

// written continues with the write, which exactly a quorum holds.
func written(machines int) []action {
	history := append(settled(machines), action{verb: writes, i: 0})
	for j := range machines / 2 {
		history = append(history, action{replicates, 0, uint8(j + 1)})
	}
	return history
}

// writtenByTwo is a cluster of A and B, which need no third machine. C is on, but they have not heard from it.
func writtenByTwo() []action {
	return []action{
		{asks, 0, 1}, {asks, 0, 1}, {asks, 1, 0}, {asks, 1, 0},
		{verb: decides, i: 0}, {verb: decides, i: 1}, {verb: startsNew, i: 0}, {verb: startsNew, i: 1},
		{isElected, 0, 0b011}, {replicates, 0, 1}, {replicates, 0, 1}, {sees, 0, 1},
		{verb: writes, i: 0}, {replicates, 0, 1},
	}
}

// writtenAtOnce is a write on five machines. D and E have heard neither of it nor of anything else.
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

// underway is a history of five machines. B has voted for A twice. It is destroyed, and starts new before it hears of
// anything.
func underway() []action {
	return append(append(formed(5, 2), action{isElected, 0, 0b00111}, action{isElected, 0, 0b00111}), recreated(1)...)
}

// recreated is how one of five machines is destroyed and starts new.
func recreated(i int) []action {
	history := append([]action{{verb: isWiped, i: uint8(i)}}, asked(5, i)...)
	return append(append(history, asked(5, i)...), action{verb: decides, i: uint8(i)}, action{verb: startsNew, i: uint8(i)})
}

// joined continues underway: C is destroyed and starts new too. E becomes leader with the votes of machines that know
// nothing of A's election. D is destroyed and joins E's cluster. A has heard of none of this.
func joined() []action {
	history := append(append(underway(), recreated(2)...), action{isElected, 4, 0b11100})
	replicateTo := func(others ...uint8) {
		for _, j := range others {
			history = append(history, action{replicates, 4, j})
		}
	}
	replicateTo(2, 3, 1)
	history = append(history, action{verb: isWiped, i: 3}, action{asks, 3, 4}, action{removes, 3, 4})
	replicateTo(1, 2)
	history = append(history, action{adds, 3, 4})
	replicateTo(1, 2)
	history = append(history, action{startsExisting, 3, 4})
	replicateTo(3)
	history = append(history, action{promotes, 3, 4})
	replicateTo(1, 2, 3)
	return history
}

// joinedWritten continues until D leads and has seen that all are established, and exactly a quorum holds the write.
func joinedWritten() []action {
	history := append(joined(), action{isElected, 3, 0b01110})
	for range 2 {
		history = append(history, action{replicates, 3, 0}, action{replicates, 3, 1}, action{replicates, 3, 2}, action{replicates, 3, 4})
	}
	return append(history, action{sees, 3, 0}, action{sees, 3, 1}, action{sees, 3, 2}, action{sees, 3, 4},
		action{verb: writes, i: 3}, action{replicates, 3, 1}, action{replicates, 3, 2})
}
