import { lazy } from "@skein/protocol"
import type { ForeignLogs, ForeignModule, ImportOptions, ReadFrom } from "./importing.ts"
import type { Workbench, WorkbenchOptions } from "./workbench.ts"

/** Sessions of other programs. Nothing of it is loaded before it is asked for. */
export function foreignLater<Found extends { readonly cwd: string }, Format, Report, Summary, Draft>(
  load: () => Promise<ForeignModule<Found, Format, Report, Summary, Draft>>,
  about: ReadFrom & Omit<ImportOptions<Found, Format, Report, Summary>, "reader">,
): () => Promise<ForeignLogs<Found, Format, Report, Summary>> {
  return lazy(async () => {
    const [{ foreignLogs, readerOf }, foreign] = await Promise.all([import("./importing.ts"), load()])
    return foreignLogs({ reader: readerOf(foreign, about), ...about })
  })
}

/** What a person looks into logs with, likewise. */
export function workbenchLater<Store>(
  load: () => Promise<WorkbenchOptions<Store>["store"]>,
  about: Omit<WorkbenchOptions<Store>, "store">,
): () => Promise<Workbench<WorkbenchOptions<Store>["store"]>> {
  return lazy(async () => {
    const [{ workbenchOf }, store] = await Promise.all([import("./workbench.ts"), load()])
    return workbenchOf({ ...about, store })
  })
}
