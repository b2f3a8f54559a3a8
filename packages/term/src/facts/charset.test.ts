import { expect, test } from "bun:test"
import { drawsUtf8 } from "./charset.ts"

test.each([
  ["a locale of UTF-8", { TERM: "linux", LANG: "de_DE.UTF-8" }, true],
  ["one that is spelt otherwise", { TERM: "xterm", LC_ALL: "C.utf8" }, true],
  ["macOS's", { TERM: "xterm", LC_CTYPE: "UTF-8" }, true],
  ["a locale of another character set", { TERM: "xterm-256color", LANG: "de_DE.ISO-8859-1@euro" }, false],
  ["the first that is set", { TERM: "xterm-256color", LC_ALL: "de_DE.ISO-8859-1", LANG: "C.UTF-8" }, false],
  ["no locale in a terminal of today", { TERM: "xterm-256color" }, true],
  ["C there", { TERM: "xterm-kitty", LC_ALL: "C" }, true],
  ["POSIX in a container that was entered from tmux", { TERM: "tmux-256color", LANG: "POSIX" }, true],
  ["no locale in tmux itself, which goes by it too", { TERM: "tmux-256color", TMUX: "/tmp/tmux,1,0" }, false],
  ["UTF-8 in tmux", { TERM: "screen", TMUX: "/tmp/tmux,1,0", LANG: "C.UTF-8" }, true],
  ["no locale in screen", { TERM: "screen", STY: "1.tty" }, false],
  ["the console of Linux", { TERM: "linux", LANG: "C" }, false],
  ["a terminal of old", { TERM: "vt220" }, false],
  ["a plain one", { TERM: "dumb" }, false],
  ["none that is known", {}, false],
  ["none that is known in a window that is", { WT_SESSION: "a" }, true],
])("%s decides whether signs are drawn: %o", (_, env, isDrawn) => {
  expect(drawsUtf8(env)).toBe(isDrawn)
})
