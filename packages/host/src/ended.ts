interface Part {
  close(): unknown
}

/** Ends parts one after the other. What fails keeps those after it from ending, and none of `always`; the failure is thrown on. */
export async function ended(parts: readonly Part[], always: readonly Part[]): Promise<void> {
  try {
    for (const part of parts) await part.close()
  } finally {
    for (const part of always) part.close()
  }
}
