import { jsonSchemaFiles } from "@skein/codex/schema"
import { outOf, writeFiles } from "../../app-server/write-files.ts"
import type { Run } from "../../verb.ts"

/** `skein app-server generate-json-schema`: what is said between client and server, as JSON Schema. */
export const run: Run = async ({ flags, io }) => {
  writeFiles(outOf(flags, io), jsonSchemaFiles({ isExperimental: flags.has("experimental") }))
  return 0
}
