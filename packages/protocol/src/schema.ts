import { config } from "zod"

// Before any schema is built: compiled checkers cost more at start than they save on our small objects.
config({ jitless: true })

export type { infer, ZodObject, ZodRawShape, ZodType } from "zod"
// By name, so that a binary holds only the parts in use: zod as one object would bring all of it, 4 ms and 8 MB at start.
export {
  array,
  boolean,
  custom,
  discriminatedUnion,
  enum,
  int,
  literal,
  number,
  object,
  prettifyError,
  record,
  strictObject,
  string,
  union,
  unknown,
  url,
} from "zod"
