package staticpod

// HAProxyImage is the pod's default image, from a release with long-term support.
const HAProxyImage = "docker.io/library/haproxy:3.2.18"

// HAProxy returns the manifest of HAProxy's pod. The paths on the machine are those of its configuration and of the API
// servers' CA. HAProxy starts as root, which lets it listen on any port, and then becomes the user that the configuration
// names.
func HAProxy(image, config, ca string) ([]byte, error) {
	root := 0
	return marshal(newPod("haproxy",
		container{
			Name:    "haproxy",
			Image:   image,
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
