//! Observes, decides, acts, and accounts for every decision
