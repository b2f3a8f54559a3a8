/** What comes of `act` within `msMax` milliseconds, else `late`. What fails in time fails; what fails later is nobody's. */
export async function inTime<T, L>(act: Promise<T>, msMax: number, late: L): Promise<T | L> {
  let deadline: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<L>((resolve) => {
    deadline = setTimeout(() => resolve(late), msMax)
  })
  try {
    return await Promise.race([act, over])
  } finally {
    clearTimeout(deadline)
  }
}
