import { claude } from "./claude.ts"
import { codex } from "./codex.ts"
import type { Dialect, DialectId } from "./dialect.ts"
import { skein } from "./skein.ts"

export const DIALECTS: Readonly<Record<DialectId, Dialect>> = { claude, codex, skein }
