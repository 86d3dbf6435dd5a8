import { serve } from "../protocol/serve";
import { gcpProvider } from "./provider";

void serve(() => gcpProvider());
