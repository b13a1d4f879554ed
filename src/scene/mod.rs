//! What is to be drawn, and the scene at one instant.
