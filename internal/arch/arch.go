// Package arch holds the tests of the project's shape: who may import whom, and what the SQL files
// may contain. It has no code of its own.
package arch
