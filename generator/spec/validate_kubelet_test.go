package spec

import "testing"

// TestKubeletTypes has values that the kubelet takes. testdata/invalid/kubelet-types.yaml has others.
func TestKubeletTypes(t *testing.T) {
	load1(t, minimal+`cni: {manifest: none}
kubeletConfiguration:
  maxPods: 200
  podPidsLimit: -1
  evictionHard: {memory.available: 500Mi, nodefs.available: "10%"}
  systemReserved: {cpu: "1"}
  nodeStatusUpdateFrequency: 1m30s
  shutdownGracePeriod: "0"
  serializeImagePulls: false
  clusterDNS: [10.96.0.10]
  memorySwap: {swapBehavior: ""}
  logging: {format: json, verbosity: 0, flushFrequency: 5000000000, vmodule: [{filePattern: a, verbosity: 1}], options: {json: {infoBufferSize: 0}}}
  registerWithTaints: [{key: gpu, effect: NoSchedule}]
  reservedMemory: [{numaNode: 0, limits: {memory: 1e3, hugepages-1Gi: "2Gi"}}]
  staticPodURLHeader: {Authorization: [a, b]}
  imageGCHighThresholdPercent:
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7, kubeletConfiguration: {tracing: {samplingRatePerMillion: 1}}}
`)
}
