package kubernetes

import "testing"

// TestPredicates covers the last release before each change and the first one with it.
func TestPredicates(t *testing.T) {
	for name, test := range map[string]struct {
		has           func(Version) bool
		before, since Version
	}{
		"JoinsWithoutToken":        {Version.JoinsWithoutToken, Version{11, 10}, Version{12, 0}},
		"JoinsByCertificate":       {Version.JoinsByCertificate, Version{13, 12}, Version{14, 0}},
		"AllowsDualStack":          {Version.AllowsDualStack, Version{20, 15}, Version{21, 0}},
		"AllowsECDSA":              {Version.AllowsECDSA, Version{21, 14}, Version{22, 0}},
		"AdminGroup":               {func(v Version) bool { return v.AdminGroup() == "kubeadm:cluster-admins" }, Version{28, 15}, Version{29, 0}},
		"HasSuperAdmin":            {Version.HasSuperAdmin, Version{28, 15}, Version{29, 0}},
		"AdminConf":                {func(v Version) bool { return v.AdminConf() == "super-admin.conf" }, Version{28, 15}, Version{29, 0}},
		"HasV1beta4":               {Version.HasV1beta4, Version{30, 14}, Version{31, 0}},
		"NeedsCrictl":              {not(Version.NeedsCrictl), Version{30, 14}, Version{31, 0}},
		"SignsP384":                {Version.SignsP384, Version{33, 13}, Version{34, 0}},
		"HasFlexVolumeDir":         {not(Version.HasFlexVolumeDir), Version{35, 4}, Version{36, 0}},
		"UsesLocalAPIEndpoint":     {Version.UsesLocalAPIEndpoint, Version{37, 1}, Version{37, 2}},
		"UsesLocalAPIEndpoint, 33": {Version.UsesLocalAPIEndpoint, Version{33, 12}, Version{33, 13}},
		"UsesLocalAPIEndpoint, 36": {Version.UsesLocalAPIEndpoint, Version{36, 2}, Version{36, 3}},
		"NeedsConntrack":           {not(Version.NeedsConntrack), Version{31, 14}, Version{32, 0}},
		"HasPackages":              {Version.HasPackages, Version{23, 17}, Version{24, 0}},
		"SpeaksCRIv1":              {Version.SpeaksCRIv1, Version{22, 17}, Version{23, 0}},
		"WorksWithContainerd1":     {not(Version.WorksWithContainerd1), Version{37, 9}, Version{38, 0}},
		"not backported to 1.35":   {Version.UsesLocalAPIEndpoint, Version{35, 99}, Version{38, 0}},
	} {
		if test.has(test.before) || !test.has(test.since) {
			t.Errorf("%s: %s: %v, want false; %s: %v, want true", name, test.before, test.has(test.before), test.since, test.has(test.since))
		}
	}
}

func not(has func(Version) bool) func(Version) bool {
	return func(v Version) bool { return !has(v) }
}
