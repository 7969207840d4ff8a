/** The bearer token of a request, as the `Authorization` header gives it. */
export function bearerToken(request: {
  readonly headers: { readonly authorization?: string | undefined }
}): string | null {
  return /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}
