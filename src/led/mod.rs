//! LED zones: edition and zone config to layers.
