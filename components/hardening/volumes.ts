import type { FileMount, PersistentVolume, WorkloadSpec } from "./workloadSpec";

/** Root and the workload's group may read a mounted Secret, nobody else. */
const SECRET_MODE = 0o440;
const SCRIPT_MODE = 0o555;

interface Mounted {
  mountPath: string;
  readOnly?: boolean;
  volume: { name: string; [source: string]: unknown };
}

/** Volumes of a pod, only of the types that Pod Security "restricted" allows. */
export function volumesOf(pod: WorkloadSpec) {
  return mounted(pod)
    .map(({ volume }) => volume)
    .filter((volume) => Object.keys(volume).length > 1);
}

/** Mounts of every container of the pod. */
export function mountsOf(pod: WorkloadSpec) {
  return mounted(pod).map(({ mountPath, readOnly, volume }) => ({
    name: volume.name,
    mountPath,
    ...(readOnly === undefined ? {} : { readOnly }),
  }));
}

function mounted(pod: WorkloadSpec): Mounted[] {
  return [
    ...Object.entries(pod.writable ?? {}).map(([path, sizeLimit]) => ({
      mountPath: path,
      volume: { name: volumeName("write", path), emptyDir: { sizeLimit } },
    })),
    ...Object.entries(pod.memory ?? {}).map(([path, sizeLimit]) => ({
      mountPath: path,
      volume: { name: volumeName("memory", path), emptyDir: { medium: "Memory", sizeLimit } },
    })),
    ...(pod.files ?? []).map(fileMount),
    ...(pod.volumes ?? []).map((volume) => ({
      mountPath: volume.path,
      volume: { name: volume.name, ...storageOf(volume, pod.kind) },
    })),
  ];
}

/** What a claim asks for. */
export function claimSpec({ size = "10Gi", storageClass }: PersistentVolume) {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: size } },
  };
}

function storageOf(volume: PersistentVolume, kind: WorkloadSpec["kind"]) {
  if (volume.claim !== undefined) return { persistentVolumeClaim: { claimName: volume.claim } };
  // A claim template of a StatefulSet becomes a volume of the pod by itself.
  return kind === "StatefulSet" ? {} : { ephemeral: { volumeClaimTemplate: { spec: claimSpec(volume) } } };
}

function fileMount({ path, secret, configMap, keys, executable }: FileMount): Mounted {
  const name = volumeName(secret === undefined ? "config" : "secret", path);
  const items = keys === undefined ? {} : { items: keys.map((key) => ({ key, path: key })) };
  return {
    mountPath: path,
    readOnly: true,
    volume:
      secret === undefined
        ? { name, configMap: { name: configMap, ...(executable ? { defaultMode: SCRIPT_MODE } : {}), ...items } }
        : { name, secret: { secretName: secret, defaultMode: SECRET_MODE, ...items } },
  };
}

/** `/var/run/x` → `write-var-run-x`; unique, because a path is mounted once. */
function volumeName(kind: string, path: string): string {
  return `${kind}${path.replaceAll(/[^a-z0-9]+/gi, "-")}`.toLowerCase().slice(0, 63).replace(/-$/, "");
}
