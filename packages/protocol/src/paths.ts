/**
 * Whether a path is a folder or lies below it, by components and not by spelling: `/w/app-evil` is not within `/w/app`.
 * Both absolute and normalised; whoever asks for safety resolves links first.
 */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`)
}
