// Package machines boots kindling's documents on whole machines (see package rig). Its tests take minutes and are not part
// of the fast checks.
package machines
