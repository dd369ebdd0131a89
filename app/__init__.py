"""The desktop: draw a flow, press Run, watch it move."""
