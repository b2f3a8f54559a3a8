// The least a compiled program can be. Not through process.stdout: its first use alone takes ten milliseconds.
console.log("hello")
