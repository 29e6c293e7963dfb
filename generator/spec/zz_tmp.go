package spec

func Schema() ([]byte, error) { return nil, nil }
