package specgen

// labels are RFC 1123 labels that a reader of YAML may take for something else, and short and long ones.
var labels = []string{
	"demo", "on", "off", "y", "n", "yes", "no", "true", "false", "null", "0", "1", "007", "1e3", "0x1f", "0b11", "1-2", "2026-01-01", "12e03",
	"a--b", "x-0", "nan", "inf", "e2e", "0o17", "this-label-has-as-many-characters-as-a-label-may-have-63-xxxxxx",
}

// interfaces are names that Linux takes.
var interfaces = []string{"eth0", "enp1s0", "ens3f0np0", "br-lan", "a", "0", "on", "1e3", "0x10", "1_000", "true", "null", "2e3", "veth_0", "fifteen-letters", "-", "12-34", "190"}

// texts are values that have been misread: by YAML 1.1, by shells, by systemd, by templates, by people's eyes.
var texts = []string{
	"plain", "", " ", " leading", "trailing ", "=", "<<", "~", "y", "N", "Yes", "off", "null", "1:20", "190:20:30.15", "0777", "0o17", "0b11", "1_000", "2026-01-01", ".5", ".inf", "12e03", "-",
	"a: b", "a #b", "#a", "- a", "[a", "{a", "a]", "&a", "*a", "!a", "!!int 1", "|", ">", "@a", "`id`", "%n", "%", "%%s", "100%", "$HOME", "${HOME}", "$(id)", "$$", "$1", "\\", "a\\", "\\n", "\\\\", "\"", "'", "a'b", "a\"b", "'\"'",
	"a\tb", "a;b", "a&b", "a|b", "a>b", "a<b", "a*b", "a?b", "a!b", "(a)", "~/a", "a,b", "a=b", "--a", "/a", "//", "..", "@NODE@", "@BIN@", "@NAME@", "@INTERFACE@", "{{ v1.local_hostname }}", "{% raw %}",
	"ä", "日本語", "🦊", "e\u0301", "\u00a0", "\u2028", "\u0085", "\u200b", "\u202e", "\ufeffa", "\u007f", "\x01", "\x1b[31m", "\x00", "EOF", "K8S", "---", "...", "--- a", "a\n", "a\nb", "a\n\nb\n", "\na", " a\n b\n", "a\r\nb\r\n", "\ta\n", "a \nb\t\n", "a\n ", "\n",
}

// words are YAML that is no string.
var words = []string{"null", "~", "true", "1", "-1", "0", "1.5", ".inf", "0x10", "0o17", "0777", "1e3", "2026-01-01", "99999999999999999999", "[]", "{}", "=", "<<", "on", "yes", "0b1", "1_000"}

// contents are those of files.
var contents = append([]string{
	"#!/bin/bash\necho \"$HOME\" '%s' `id` \\\n  ok\n", "#cloud-config\nruncmd: [reboot]\n", "## template: jinja\n{{ v1.region }}\n", "{\"a\": [1, 2]}", "line\nEOF\nline\n", "no line end",
	"\n\nblank first", "blank last\n\n\n", "  indented\n\tthen tab\n", "a: 'b'\n# c\n- d\n", "nul \x00 byte", "latin \u00ff and \U0001f98a", "%post\n%%\n$(a) ${b} $c\n", "cr\ronly\r",
}, texts...)

// values are those of flags: one line.
var values = []string{
	"1", "info", "", " ", "=", "on", "No", "y", "~", "null", "0777", "1:20", "1_000", ".5", "12e03", "2026-01-01", "a: b", "a #b", "#a", "- a", "[a]", "{a: b}", "&a", "*a", "!a", "|", ">", "@a", "`id`", "%n", "100%", "$HOME", "${HOME}", "$(id)", "$$(A)", "$(POD_NAME)",
	"\\", "a\\n", "\"", "'", "a'b", "a\"b", "a,b", "a=b", "--a", "a;b", "ä", "日本語", "🦊", "\u00a0", "\u2028", "\u0085", "\ttab", "trailing ", "<<", "{{ a }}", "---", "true", "<none>",
}

// oneWord are values without what cuts a line.
var oneWord = []string{"1", "=", "on", "No", "~", "null", "0777", "1:20", "1_000", ".5", "2026-01-01", "#a", "[a]", "&a", "*a", "!a", "@a", "%n", "100%", "$HOME", "${HOME}", "$(id)", "a,b", "a=b", "--a", "a;b", "ä", "日本語", "<<", "---", "true", "`id`", "{a}", "a|b", "a&b", "a>b", "~"}

// labelValues are those of labels and taints.
var labelValues = []string{"", "ssd", "true", "on", "No", "0777", "1e3", "1_000", "null", "y", "2026-01-01", "12e03", "A.b_c-d", "0x10", "0o17", "this.value_has-as.many_characters-as.a_value-may.have_63-xxxxxx"}
