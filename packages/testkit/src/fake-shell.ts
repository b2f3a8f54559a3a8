import type { ShellPort, ShellReading } from "@skein/core/ports"

/**
 * Understands what a test says it does: lines by their exact text. Any other line is one command of its words, of which
 * nothing is known.
 */
export function fakeShell(readings: Readonly<Record<string, ShellReading>> = {}): ShellPort {
  const read = (words: readonly string[], text: string, cwd: string): ShellReading =>
    readings[text] ?? {
      commands: [
        {
          ...{ argv: words, text, risks: ["unknown"], reason: "Nothing is known in a test" },
          ...{ writes: [], reads: [], hosts: [], assigns: [], cwd, powerful: [] },
        },
      ],
    }
  return {
    understand: async (line, { cwd }) => read(line.split(" "), line, cwd),
    understandArgv: async (argv, { cwd }) => read(argv, argv.join(" "), cwd),
  }
}
