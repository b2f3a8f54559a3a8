import { config } from "zod"

// Before any schema is built: compiled checkers cost more at start than they save on our small objects.
config({ jitless: true })

// By name, so that a binary holds only the parts in use.
export {
  array,
  boolean,
  custom,
  discriminatedUnion,
  enum,
  int,
  literal,
  looseObject,
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
