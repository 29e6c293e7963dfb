// Package firstboot runs the real cloud-init and the real Ignition on a document, as at a machine's first boot, in a
// throw-away root directory. It also has cloud-init's code read user-data as a cloud's data source would, without a boot.
package firstboot
