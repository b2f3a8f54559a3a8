import { lazy } from "@skein/protocol"
import * as z from "@skein/protocol/schema"

/**
 * What is read of a server's answers, by the Language Server Protocol 3.17. Whatever else stands in them is not looked at;
 * what does not fit is not taken.
 */
const position = lazy(() => z.object({ line: z.int().min(0), character: z.int().min(0) }))
const range = lazy(() => z.object({ start: position(), end: position() }))

export type WireRange = z.infer<ReturnType<typeof range>>

const location = lazy(() => z.object({ uri: z.string(), range: range() }))
/** `LocationLink`: the name itself is what one wants to see. */
const link = lazy(() =>
  z
    .object({ targetUri: z.string(), targetSelectionRange: range() })
    .transform(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange })),
)

export const locations = lazy(() => {
  const one = z.union([location(), link()])
  return z.union([z.array(one), one.transform((single) => [single])]).nullable()
})

export const diagnostics = lazy(() =>
  z.array(
    z.object({
      range: range(),
      severity: z.int().min(1).max(4).optional(),
      code: z.union([z.string(), z.number()]).nullish(),
      source: z.string().nullish(),
      message: z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]),
    }),
  ),
)

export type WireDiagnostic = z.infer<ReturnType<typeof diagnostics>>[number]

export const published = lazy(() =>
  z.object({ uri: z.string(), version: z.int().nullish(), diagnostics: diagnostics() }),
)

/** `unchanged` says that what it said last still holds. */
export const pulled = lazy(() =>
  z
    .union([z.object({ kind: z.literal("full"), items: diagnostics() }), z.object({ kind: z.literal("unchanged") })])
    .nullable(),
)

export const hover = lazy(() => {
  const marked = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])
  const contents = z.union([marked, z.array(marked).transform((all) => all.join("\n"))])
  return z.object({ contents, range: range().optional() }).nullable()
})

export interface WireSymbol {
  readonly name: string
  readonly kind: number
  readonly range?: WireRange | undefined
  readonly selectionRange?: WireRange | undefined
  readonly location?: { readonly uri: string; readonly range?: WireRange | undefined } | undefined
  readonly containerName?: string | null | undefined
  readonly children?: readonly WireSymbol[] | null | undefined
}

/** `DocumentSymbol`, `SymbolInformation` and `WorkspaceSymbol` at once. */
export const symbols = lazy(() => {
  const symbol: z.ZodType<WireSymbol> = z.object({
    name: z.string(),
    kind: z.int(),
    range: range().optional(),
    selectionRange: range().optional(),
    location: z.object({ uri: z.string(), range: range().optional() }).optional(),
    containerName: z.string().nullish(),
    get children() {
      return z.array(symbol).nullish()
    },
  })
  return z.array(symbol).nullable()
})

const textEdit = lazy(() => z.object({ range: range(), newText: z.string() }))

/** A rename that would also make, move or remove files is not taken: `kind` says so. */
export const workspaceEdit = lazy(() =>
  z
    .object({
      changes: z.record(z.string(), z.array(textEdit())).nullish(),
      documentChanges: z
        .array(
          z.object({
            kind: z.string().optional(),
            textDocument: z.object({ uri: z.string() }).optional(),
            edits: z.array(textEdit()).optional(),
          }),
        )
        .nullish(),
    })
    .nullable(),
)

export const registrations = lazy(() =>
  z.object({ registrations: z.array(z.object({ id: z.string(), method: z.string() })) }),
)
/** The misspelling is the protocol's own. */
export const unregistrations = lazy(() => z.object({ unregisterations: z.array(z.object({ id: z.string() })) }))

export const initialized = lazy(() =>
  z.object({
    capabilities: z.object({
      positionEncoding: z.string().optional(),
      textDocumentSync: z.union([z.number(), z.object({ change: z.number().optional() })]).optional(),
      diagnosticProvider: z.unknown().optional(),
    }),
  }),
)

export const configurationAsked = lazy(() => z.object({ items: z.array(z.object({ section: z.string().optional() })) }))
