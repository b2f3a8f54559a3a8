import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/**
 * What `client.requested` of the kind `fs` carries: a text file that the client may have open, with changes nobody saved. It
 * is asked of files in the session's folders alone. Paths are absolute, links resolved; a text is whole, with the line ends
 * that the client has it with.
 *
 * An answer with an error says that the client has nothing to do with the file: then what is on disk is the truth.
 */
export type FileRequest =
  | { readonly kind: "read"; readonly path: string }
  | {
      readonly kind: "write"
      readonly path: string
      readonly text: string
      /**
       * SHA-256, in hex, of the UTF-8 of the text that it takes the place of; null where there is no file. A client that has
       * another text by now refuses with an error, and changes nothing.
       */
      readonly expected: string | null
    }

export const FileRequest = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("read"), path: z.string().min(1) }),
    z.object({
      kind: z.literal("write"),
      path: z.string().min(1),
      text: z.string(),
      expected: z.string().nullable(),
    }),
  ]),
)

/** The answer to `read`. Without a text the client has none of its own: the file is as on disk. */
export interface FileTextAnswer {
  readonly text?: string | undefined
}

export const FileTextAnswer = lazy(() => z.object({ text: z.string().optional() }))

/**
 * The answer to `write`. `isWritten`: the client has the new text, and saved it. Else it is not its file, and skein writes it
 * on disk.
 */
export interface FileWriteAnswer {
  readonly isWritten: boolean
}

export const FileWriteAnswer = lazy(() => z.object({ isWritten: z.boolean() }))
