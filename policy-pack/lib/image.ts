/** An image reference taken apart the way container runtimes read it. */
export interface ImageReference {
  /** Registry and path with the defaults filled in: `docker.io/library/nginx`. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

const DIGEST = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Undefined for what no runtime accepts. */
export function parseImage(text: string): ImageReference | undefined {
  const match = /^([^@\s]+?)(?::([\w][\w.-]{0,127}))?(?:@(.+))?$/.exec(text);
  const [, name = "", tag, digest] = match ?? [];
  if (!/^[\w.\-:/[\]]+$/.test(name) || name.endsWith("/") || name.includes("//")) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  return { repository: withRegistry(name), tag, digest };
}

function withRegistry(name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first === "localhost" || /[.:]/.test(first);
  const host = isHost ? first.replace(/^(index\.|registry-1\.)?docker\.io$/, "docker.io") : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  return host === "docker.io" && !path.includes("/") ? `docker.io/library/${path}` : `${host}/${path}`;
}

/** True when `repository` is `allowed` or lies below it: `ghcr.io/acme` allows `ghcr.io/acme/api`, not `ghcr.io/acme-evil`. */
export function isBelow(repository: string, allowed: string): boolean {
  const path = `${repository}/`;
  return path.startsWith(`${allowed}/`) && !repository.split("/").includes("..");
}
