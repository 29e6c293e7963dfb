// Package firstboot runs the real cloud-init and the real Ignition on a document, as at a machine's first boot, in a
// throw-away root directory.
package firstboot
