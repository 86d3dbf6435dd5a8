import { serve } from "../protocol/serve";
import { KubernetesProvider } from "./provider";

void serve((log) => new KubernetesProvider(log));
