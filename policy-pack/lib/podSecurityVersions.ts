/** The versions of the Pod Security Standards that the rules implement. 1.36 changed nothing over 1.35. */
export const OLDEST_POD_SECURITY_MINOR = 25;
export const NEWEST_POD_SECURITY_MINOR = 36;
