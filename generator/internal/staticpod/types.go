package staticpod

// The parts of core/v1's Pod that are used here.
type (
	pod struct {
		APIVersion string   `yaml:"apiVersion"`
		Kind       string   `yaml:"kind"`
		Metadata   metadata `yaml:"metadata"`
		Spec       podSpec  `yaml:"spec"`
	}
	metadata struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	}
	podSpec struct {
		Containers        []container `yaml:"containers"`
		HostNetwork       bool        `yaml:"hostNetwork"`
		PriorityClassName string      `yaml:"priorityClassName"`
		Volumes           []volume    `yaml:"volumes"`
	}
	container struct {
		Name            string          `yaml:"name"`
		Image           string          `yaml:"image"`
		Command         []string        `yaml:"command,omitempty,flow"`
		Args            []string        `yaml:"args,omitempty,flow"`
		Env             []variable      `yaml:"env,omitempty"`
		SecurityContext securityContext `yaml:"securityContext"`
		VolumeMounts    []volumeMount   `yaml:"volumeMounts"`
	}
	variable struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
	}
	securityContext struct {
		Capabilities           capabilities `yaml:"capabilities"`
		ReadOnlyRootFilesystem bool         `yaml:"readOnlyRootFilesystem,omitempty"`
		RunAsUser              *int         `yaml:"runAsUser,omitempty"`
	}
	capabilities struct {
		Add  []string `yaml:"add,flow"`
		Drop []string `yaml:"drop,flow"`
	}
	volumeMount struct {
		Name      string `yaml:"name"`
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	}
	volume struct {
		Name     string   `yaml:"name"`
		HostPath hostPath `yaml:"hostPath"`
	}
	hostPath struct {
		Path string `yaml:"path"`
		Type string `yaml:"type"`
	}
)

// The parts of rbac.authorization.k8s.io/v1 that are used here.
type (
	role struct {
		APIVersion string   `yaml:"apiVersion"`
		Kind       string   `yaml:"kind"`
		Metadata   metadata `yaml:"metadata"`
		Rules      []rule   `yaml:"rules"`
	}
	rule struct {
		APIGroups     []string `yaml:"apiGroups,flow"`
		Resources     []string `yaml:"resources,flow"`
		ResourceNames []string `yaml:"resourceNames,flow"`
		Verbs         []string `yaml:"verbs,flow"`
	}
	lease struct {
		APIVersion string   `yaml:"apiVersion"`
		Kind       string   `yaml:"kind"`
		Metadata   metadata `yaml:"metadata"`
	}
	binding struct {
		APIVersion string      `yaml:"apiVersion"`
		Kind       string      `yaml:"kind"`
		Metadata   metadata    `yaml:"metadata"`
		RoleRef    reference   `yaml:"roleRef"`
		Subjects   []reference `yaml:"subjects"`
	}
	reference struct {
		APIGroup string `yaml:"apiGroup"`
		Kind     string `yaml:"kind"`
		Name     string `yaml:"name"`
	}
)
