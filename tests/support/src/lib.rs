//! What the tests share
