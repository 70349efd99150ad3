//! What every contract needs: its lock, its owner, its calls
