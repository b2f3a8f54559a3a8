import type { HookInfo } from "@skein/core/ports"
import { detailOf } from "./names.ts"
import type { Verdict } from "./trusted.ts"

/** One hook as a person is told of it. */
export function infoOf({ row, kind, why }: Verdict, redact: (text: string) => string): HookInfo {
  const { event, matcher, condition, handler, source, dialect, timeoutMs, isAsync, isOnce } = row
  return {
    event,
    ...(matcher === undefined ? {} : { matcher }),
    ...(condition === undefined ? {} : { condition }),
    type: handler.kind === "unsupported" ? handler.type : handler.kind,
    what: redact(detailOf(handler)),
    ...{ file: source.file, place: source.place, sha256: source.sha256, from: source.owner },
    ...(source.plugin === undefined ? {} : { plugin: source.plugin.name }),
    ...{ words: dialect, timeoutMs, isAsync, isOnce, isConfined: source.owner === "project", state: kind },
    ...(why === "" ? {} : { why }),
  }
}
