"""What is selected, shown in full and edited: the inspector, and the dialog that holds one."""
