package staticpod

// HAProxyImage is the pod's, of a release with long-term support.
const HAProxyImage = "docker.io/library/haproxy:3.2.18"

// HAProxy returns the manifest of the pod that has the files of these paths on the machine, its configuration and the API
// servers' CA. It begins as root, to listen on any port, and becomes the user that the configuration names.
func HAProxy(config, ca string) ([]byte, error) {
	root := 0
	return marshal(newPod("haproxy",
		container{
			Name:    "haproxy",
			Image:   HAProxyImage,
			Command: []string{"haproxy", "-db", "-f", config},
			SecurityContext: securityContext{
				Capabilities:           only("NET_BIND_SERVICE", "SETGID", "SETUID"),
				ReadOnlyRootFilesystem: true,
				RunAsUser:              &root,
			},
			VolumeMounts: []volumeMount{{"config", config, true}, {"ca", ca, true}},
		},
		volume{"config", hostPath{config, "File"}}, volume{"ca", hostPath{ca, "File"}}))
}
