import type { Run } from "../../verb.ts"
import { driveApp } from "./drive.ts"

export const run: Run = ({ flags, rest, io }) =>
  driveApp(flags, rest, io, { cwd: io.cwd, env: present(io.env), args: [], usualSteps: ["render:stable"] })

function present(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
