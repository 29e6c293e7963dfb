// Package firstboot lets the real cloud-init and the real Ignition do what they do at a machine's first boot with a
// document, on a throw-away root directory.
package firstboot
