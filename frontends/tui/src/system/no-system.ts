import type { SystemPort } from "./system.ts"

/** A machine that offers nothing but its terminal: what is asked of it is refused by name. */
export const noSystem: SystemPort = {
  copy: async () => ({ failure: "there is no clipboard here" }),
  paste: async () => ({ kind: "nothing", why: "There is no clipboard here." }),
  edit: async () => ({ failure: "There is no editor here." }),
  notify: async () => undefined,
  visit: async () => undefined,
  files: async () => [],
  status: async () => undefined,
  branch: async () => undefined,
  readText: async () => ({ note: "There are no files here." }),
  readImage: async () => undefined,
}
