import type { CodeServer } from "@skein/core/ports"
import { onOneLine } from "./text.ts"

/** `typescript  running  /code/project  312 MB`, a line each. */
export function serverLines(servers: readonly CodeServer[]): readonly string[] {
  return servers.map(({ name, status, root, memoryBytes, note }) =>
    [
      name,
      status.replace("_", " "),
      ...(root === undefined ? [] : [root]),
      ...(memoryBytes === undefined ? [] : [`${Math.round(memoryBytes / 1_000_000)} MB`]),
      ...(note === undefined ? [] : [onOneLine(note)]),
    ].join("  "),
  )
}
